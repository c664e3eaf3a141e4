package dev.leakverifier.jupiter;

import static java.util.Objects.requireNonNull;

import dev.leakverifier.LeakConfiguration;
import dev.leakverifier.LeakLevel;
import dev.leakverifier.LeakOption;
import dev.leakverifier.LeakRun;
import dev.leakverifier.text.Names;
import dev.leakverifier.thread.StackFrames;
import java.lang.reflect.Method;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CopyOnWriteArraySet;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.InvocationInterceptor.Invocation;
import org.opentest4j.MultipleFailuresError;
import org.opentest4j.TestAbortedException;

/**
 * The run, a class, a template, or a test, from when JUnit comes to it until JUnit closes what was
 * stored for it: the latest that anything of JUnit's happens to it, and that can fail it. A fixture
 * or a dynamic test is a place within one of these, which answers for it.
 */
@SuppressWarnings("deprecation") // before JUnit 5.13, what is only AutoCloseable is not closed
final class Place
    implements LeakRun.Window<Place>, ExtensionContext.Store.CloseableResource, AutoCloseable {
  private static final ExtensionContext.Namespace NAMESPACE =
      ExtensionContext.Namespace.create(Place.class);

  private final LeakRun<Place> run;
  private final @Nullable Place outer; // null: this is the run
  private final ExtensionContext context;
  private final @Nullable Method method;
  private final String name;
  private final Set<LeakVerifierExtension> extensions = new CopyOnWriteArraySet<>();
  private final List<Throwable> failures = new CopyOnWriteArrayList<>();

  private Place(
      LeakRun<Place> run,
      @Nullable Place outer,
      ExtensionContext context,
      @Nullable Method method,
      String name) {
    this.run = run;
    this.outer = outer;
    this.context = context;
    this.method = method;
    this.name = name;
  }

  /** Where {@code context} is. JUnit has come to it if this is the first that is heard of it. */
  static Place of(ExtensionContext context, LeakVerifierExtension extension) {
    ExtensionContext.Store store = context.getStore(NAMESPACE);
    Place place = store.get(context.getUniqueId(), Place.class);
    if (place == null) {
      place = around(context).inner(context);
      store.put(context.getUniqueId(), place);
      place.run.begin(place);
    }
    place.extensions.add(extension);
    return place;
  }

  /** The innermost place around {@code context}. */
  static Place around(ExtensionContext context) {
    ExtensionContext outer = context.getParent().orElseThrow();
    ExtensionContext.Store store = outer.getStore(NAMESPACE);
    if (outer.getParent().isEmpty()) {
      return requireNonNull(
          store.getOrComputeIfAbsent(outer.getUniqueId(), id -> run(outer), Place.class));
    }
    Place place = store.get(outer.getUniqueId(), Place.class);
    return place == null ? around(outer) : place;
  }

  private static Place run(ExtensionContext root) {
    LeakConfiguration configuration =
        LeakConfiguration.loadWithin(
            "JUnit configuration parameter",
            "junit-platform.properties",
            root::getConfigurationParameter);
    LeakRun<Place> run = new LeakRun<>(LeakVerifierExtension.class, configuration);
    return new Place(run, null, root, null, "the run");
  }

  private Place inner(ExtensionContext test) {
    String type = Names.of(test.getRequiredTestClass());
    String invocation = method == null ? "" : " " + readable(test);
    Method inner = test.getTestMethod().orElse(null);
    return new Place(
        run, this, test, inner, inner == null ? type : type + "." + inner.getName() + invocation);
  }

  private static String readable(ExtensionContext context) {
    return Names.visible(Names.cut(context.getDisplayName()));
  }

  /** Notes that something within this place will begin on this thread. */
  void turnHere() {
    run.turnTo(this);
  }

  /** Runs a fixture of the class. */
  void proceed(Invocation<@Nullable Void> invocation, String annotation, Method fixture)
      throws Throwable {
    String label = annotation + " " + name + "." + fixture.getName();
    run.run(new Place(run, this, context, fixture, label), this, invocation::proceed);
  }

  /** Runs one of the tests that a factory has made. */
  void proceed(Invocation<@Nullable Void> invocation, ExtensionContext test) throws Throwable {
    String label = name + ": " + readable(test);
    run.run(new Place(run, this, context, method, label), this, invocation::proceed);
  }

  /** A test or fixture does, unless {@code next} is a part of it. */
  @Override
  public boolean goesOnAfter(Place next) {
    return method != null && !next.isWithin(this);
  }

  @Override
  public boolean mayBeStoppedAfter(Place last) {
    return Teardowns.mayStop(context, last.context.getParent());
  }

  @Override
  public boolean isWithin(Place other) {
    return this == other || (outer != null && outer.isWithin(other));
  }

  @Override
  public LeakLevel level() {
    if (outer == null) {
      return LeakLevel.SUITE;
    }
    return method == null && outer.outer == null ? LeakLevel.CLASS : LeakLevel.METHOD;
  }

  @Override
  public String describe() {
    return name;
  }

  @Override
  public Optional<String> className() {
    return context.getTestClass().map(Class::getName);
  }

  @Override
  public boolean isCodeOf(StackTraceElement frame) {
    return method != null
        && StackFrames.isOf(frame, method.getDeclaringClass().getName(), method.getName());
  }

  @Override
  public Optional<List<LeakOption>> options() {
    List<LeakOption> inCode =
        extensions.stream().flatMap(extension -> extension.options().stream()).toList();
    return outer == null
        ? Optional.of(List.of())
        : run.options(outer.options(), inCode, context.getRequiredTestClass(), method);
  }

  /** A fixture or a dynamic test is never closed: the place that it is in answers for it. */
  @Override
  public void fail(Throwable failure) {
    if (outer != null && outer.context == context) {
      outer.fail(failure);
    } else {
      failures.add(failure);
    }
  }

  @Override
  public void close() {
    if (outer == null) {
      run.closeAll(this);
    } else {
      context
          .getExecutionException()
          .filter(thrown -> !(thrown instanceof TestAbortedException))
          .ifPresent(thrown -> run.failed());
      run.close(this);
    }
    if (failures.size() > 1) {
      throw new MultipleFailuresError("", failures);
    }
    for (Throwable only : failures) { // JUnit keeps the message of errors only
      throw only instanceof Error error ? error : new AssertionError(only.getMessage(), only);
    }
  }
}
