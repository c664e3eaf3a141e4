package dev.leakverifier.jupiter;

import static java.util.Objects.requireNonNull;

import dev.leakverifier.LeakLevel;
import dev.leakverifier.LeakOption;
import dev.leakverifier.text.Names;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArraySet;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.InvocationInterceptor.Invocation;

/**
 * A class, a template, or a test, from when JUnit comes to it until JUnit closes what was stored
 * for it: the latest that anything of JUnit's happens to it, and that can fail it.
 */
@SuppressWarnings("deprecation") // before JUnit 5.13, what is only AutoCloseable is not closed
final class Place implements ExtensionContext.Store.CloseableResource, AutoCloseable {
  private static final ExtensionContext.Namespace NAMESPACE =
      ExtensionContext.Namespace.create(Place.class);

  private final ExtensionContext context;
  private final Run run;
  private final @Nullable Place parent;
  private final LeakLevel widestTeardown;
  private final Window window;
  private final Failures failures = new Failures();
  private final Set<LeakVerifierExtension> extensions = new CopyOnWriteArraySet<>();

  private Place(ExtensionContext context, @Nullable Place parent) {
    this.context = context;
    this.parent = parent;
    this.run = Run.of(context.getRoot().getStore(NAMESPACE), context);
    this.widestTeardown =
        run.widestTeardown(context)
            .orWider(parent == null ? LeakLevel.METHOD : parent.widestTeardown);
    this.window = new Window(this, isTest() ? LeakLevel.METHOD : LeakLevel.CLASS, name(), method());
  }

  /** Where {@code context} is. JUnit has come to it if this is the first that is heard of it. */
  static Place of(ExtensionContext context, LeakVerifierExtension extension) {
    ExtensionContext.Store store = context.getStore(NAMESPACE);
    Place place = store.get(context.getUniqueId(), Place.class);
    if (place == null) {
      place = new Place(context, around(context));
      store.put(context.getUniqueId(), place);
      place.run.begin(place.window);
    }
    if (!place.has(extension)) {
      place.extensions.add(extension);
    }
    return place;
  }

  /** The innermost place around {@code context}; null if there is none. */
  static @Nullable Place around(ExtensionContext context) {
    ExtensionContext.Store store = context.getStore(NAMESPACE);
    Optional<ExtensionContext> outer = context.getParent();
    while (outer.isPresent()) {
      Place place = store.get(outer.get().getUniqueId(), Place.class);
      if (place != null) {
        return place;
      }
      outer = outer.get().getParent();
    }
    return null;
  }

  Run run() {
    return run;
  }

  Failures failures() {
    return failures;
  }

  LeakLevel widestTeardown() {
    return widestTeardown;
  }

  Optional<Place> parent() {
    return Optional.ofNullable(parent);
  }

  /** The place that is over when nothing of {@code level} can stop a thread; empty for the run. */
  Optional<Place> at(LeakLevel level) {
    return switch (level) {
      case METHOD -> Optional.of(this);
      case CLASS -> outermostClass();
      case TEST, SUITE -> Optional.empty();
    };
  }

  private Optional<Place> outermostClass() {
    Optional<Place> outermost = Optional.empty();
    for (Place place = this; place != null; place = place.parent) {
      if (place.method() == null) {
        outermost = Optional.of(place);
      }
    }
    return outermost;
  }

  boolean isWindow(Window other) {
    return window == other;
  }

  boolean isWithin(Place other) {
    return this == other || (parent != null && parent.isWithin(other));
  }

  /** The options in code and, stronger, the settings; empty if nothing is to be checked. */
  Optional<List<LeakOption>> options() {
    List<LeakOption> inCode = new ArrayList<>();
    List<LeakOption> settings = new ArrayList<>();
    for (Place place = this; place != null; place = place.parent) {
      place.extensions.forEach(extension -> inCode.addAll(extension.options()));
      Optional<List<LeakOption>> here =
          run.configuration().optionsFor(place.context.getRequiredTestClass(), place.method());
      if (here.isEmpty()) {
        return Optional.empty();
      }
      settings.addAll(here.get());
    }
    inCode.addAll(settings);
    return Optional.of(inCode);
  }

  private boolean has(LeakVerifierExtension extension) {
    return extensions.contains(extension) || (parent != null && parent.has(extension));
  }

  /** Runs a fixture of the class, which is over at once. */
  void proceed(Invocation<@Nullable Void> invocation, String annotation, Method fixture)
      throws Throwable {
    String name = annotation + " " + Names.of(type()) + "." + fixture.getName();
    proceed(invocation, new Window(this, LeakLevel.CLASS, name, fixture));
  }

  /** Runs one of the tests that a factory has made. */
  void proceed(Invocation<@Nullable Void> invocation, ExtensionContext test) throws Throwable {
    String name = name() + ": " + readable(test);
    proceed(invocation, new Window(this, LeakLevel.METHOD, name, method()));
  }

  private void proceed(Invocation<@Nullable Void> invocation, Window inner) throws Throwable {
    boolean isInWindow = run.openHere().peek() == window;
    run.begin(inner);
    try {
      invocation.proceed();
    } finally {
      run.end(inner);
      if (isInWindow) {
        run.begin(window);
      }
    }
  }

  @Override
  public void close() {
    context.getExecutionException().ifPresent(run::failed);
    run.end(window);
    run.judge(window -> window.judgedAt().filter(place -> place.isWithin(this)).isPresent(), this);
    failures.throwAll();
  }

  private boolean isTest() {
    return method() != null;
  }

  private @Nullable Method method() {
    return context.getTestMethod().orElse(null);
  }

  /** The full name of its test class, if it has one. */
  Optional<String> className() {
    return context.getTestClass().map(Class::getName);
  }

  private Class<?> type() {
    return context.getRequiredTestClass();
  }

  /** {@code CheckoutTest.pays}, {@code CheckoutTest.pays [1] EUR} for an invocation of several. */
  private String name() {
    Method method = method();
    if (method == null) {
      return Names.of(type());
    }
    boolean isOneOfSeveral = parent != null && parent.isTest();
    return Names.of(type())
        + "."
        + method.getName()
        + (isOneOfSeveral ? " " + readable(context) : "");
  }

  private static String readable(ExtensionContext context) {
    return Names.visible(Names.cut(context.getDisplayName()));
  }

  @Override
  public String toString() {
    return requireNonNull(context.getUniqueId());
  }
}
