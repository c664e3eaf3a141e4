package dev.leakverifier.jupiter;

import dev.leakverifier.LeakOption;
import java.lang.reflect.Constructor;
import java.lang.reflect.Method;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.DynamicTestInvocationContext;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.InvocationInterceptor;
import org.junit.jupiter.api.extension.ReflectiveInvocationContext;

/**
 * Fails the Jupiter test that leaves a thread running.
 *
 * <pre>{@code
 * @ExtendWith(LeakVerifierExtension.class)
 * class CheckoutTest {}
 * }</pre>
 *
 * <p>Also on a base class; with options, in a static field with {@code @RegisterExtension} ({@link
 * #verifyNone}); or on all tests: {@code junit.jupiter.extensions.autodetection.enabled = true} in
 * {@code junit-platform.properties}. Registered in several ways it still checks once.
 *
 * <p>The verdict falls when nothing is left that could still stop a thread; {@code leak.scope} can
 * say otherwise. Mostly it is the test that fails; its class, if {@code @AfterAll} may stop
 * threads; and the run, if other extensions may, which are called after tests or have stored
 * something for the run. A report always names the test.
 *
 * <p>The check comes after {@code @AfterEach}, {@code @AfterAll}, {@code @AutoClose}, the callbacks
 * of other extensions and what these have stored, in whatever order they are registered. Only what
 * an {@link ExecutionCondition} stores that is registered before this extension, and what was
 * stored for the whole run before the first class with it, is closed after the check.
 *
 * <p>A test that fails by itself keeps its error, and the leak is attached to that.
 */
public final class LeakVerifierExtension
    implements ExecutionCondition, BeforeAllCallback, BeforeEachCallback, InvocationInterceptor {
  private static final ConditionEvaluationResult ENABLED =
      ConditionEvaluationResult.enabled("checked for leaked threads");

  private final List<LeakOption> options;

  /** Called by JUnit, for {@code @ExtendWith} and for automatic registration. */
  public LeakVerifierExtension() {
    this(List.of());
  }

  private LeakVerifierExtension(List<LeakOption> options) {
    this.options = options;
  }

  /**
   * Makes an extension with {@code options}, which add to the {@code leak.*} settings and
   * {@code @IgnoreLeaks}, for the tests of the class that has it in a field.
   *
   * @throws IllegalArgumentException if given {@code cleanup} or {@code runOnFailure}, which
   *     concern the run
   */
  public static LeakVerifierExtension verifyNone(LeakOption... options) {
    return new LeakVerifierExtension(
        LeakOption.listForTests("LeakVerifierExtension.verifyNone(...)", options));
  }

  List<LeakOption> options() {
    return options;
  }

  /** Excludes nothing: what JUnit calls before all else, so what is stored now is closed last. */
  @Override
  public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
    Place.of(context, this);
    return ENABLED;
  }

  /** Conditions can be switched off. */
  @Override
  public void beforeAll(ExtensionContext context) {
    Place.of(context, this);
  }

  @Override
  public void beforeEach(ExtensionContext context) {
    Place.of(context, this);
  }

  @Override
  public <T> T interceptTestClassConstructor(
      Invocation<T> invocation,
      ReflectiveInvocationContext<Constructor<T>> constructor,
      ExtensionContext context)
      throws Throwable {
    Place place = Place.of(context, this);
    if (context.getTestInstanceLifecycle().filter(Lifecycle.PER_CLASS::equals).isEmpty()) {
      place.turnHere(); // what comes now belongs to the next test
    }
    return invocation.proceed();
  }

  @Override
  public void interceptBeforeAllMethod(
      Invocation<@Nullable Void> invocation,
      ReflectiveInvocationContext<Method> method,
      ExtensionContext context)
      throws Throwable {
    Place.of(context, this).proceed(invocation, "@BeforeAll", method.getExecutable());
  }

  @Override
  public void interceptAfterAllMethod(
      Invocation<@Nullable Void> invocation,
      ReflectiveInvocationContext<Method> method,
      ExtensionContext context)
      throws Throwable {
    Place.of(context, this).proceed(invocation, "@AfterAll", method.getExecutable());
  }

  @Override
  public void interceptDynamicTest(
      Invocation<@Nullable Void> invocation,
      DynamicTestInvocationContext test,
      ExtensionContext context)
      throws Throwable {
    Place.around(context).proceed(invocation, context); // that of the factory
  }
}
