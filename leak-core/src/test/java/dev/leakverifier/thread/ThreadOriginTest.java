package dev.leakverifier.thread;

import static com.google.common.truth.Truth.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.testng.annotations.Test;

public class ThreadOriginTest {
  private static final String START = "java.base/java.lang.Thread.start:809";
  private static final String POOL = "java.base/java.util.concurrent.ThreadPoolExecutor.addWorker";
  private static final String INVOKE = "java.base/java.lang.reflect.Method.invoke:569";
  private static final String ACCESSOR = "jdk.internal.reflect.GeneratedMethodAccessor4.invoke";
  private static final String RUNNER =
      "org.junit.runners.model.FrameworkMethod$1.runReflectiveCall";
  private static final String RULE = "dev.leakverifier.junit4.RuleVerdict.after";
  private static final String MAIN = "org.apache.maven.surefire.booter.ForkedBooter.main";

  @Test
  public void endsAtTheTestMethodThatARunnerCalled() {
    ThreadOrigin origin =
        origin(
            POOL,
            "com.acme.Pool.submit",
            "com.acme.ShopTest.pays",
            ACCESSOR,
            INVOKE,
            RUNNER,
            RULE,
            MAIN);

    assertThat(functions(origin))
        .containsExactly(POOL.substring(10), "com.acme.Pool.submit", "com.acme.ShopTest.pays")
        .inOrder();
    assertThat(calledFrom(origin)).hasValue("com.acme.ShopTest.pays");
  }

  @Test
  public void goesOnBelowReflectionThatIsTheTestsOwn() {
    ThreadOrigin origin =
        origin(
            "com.acme.Pool.submit",
            INVOKE,
            "com.acme.Proxy.call",
            "com.acme.ShopTest.pays",
            INVOKE,
            RUNNER,
            MAIN);

    assertThat(functions(origin)).hasSize(4);
    assertThat(calledFrom(origin)).hasValue("com.acme.ShopTest.pays");
  }

  @Test
  public void goesOnBelowWhatTheTestCallsOfItsRunner() {
    ThreadOrigin origin =
        origin(
            "com.acme.Pool.submit",
            "com.acme.ShopTest.lambda$pays$0",
            "org.junit.Assert.assertThrows",
            "com.acme.ShopTest.pays",
            INVOKE,
            RUNNER);

    assertThat(functions(origin)).hasSize(4);
    assertThat(calledFrom(origin)).hasValue("com.acme.ShopTest.pays");
  }

  /** As one of JUnit 4, also where Surefire itself is called by reflection, in Maven's JVM. */
  @Test
  public void endsAtARuleThatARunnerCallsWithoutReflection() {
    String junit = "org.junit.rules.ExternalResource$1.evaluate";

    assertThat(functions(origin(START, "com.acme.Server.before", junit, MAIN))).hasSize(2);
    assertThat(
            functions(origin(START, "com.acme.Server.before", junit, INVOKE, MAIN, "com.acme.M.n")))
        .hasSize(2);
    assertThat(calledFrom(origin(START, "com.acme.Server.before", junit, MAIN)))
        .hasValue("com.acme.Server.before");
  }

  @Test
  public void isWholeWhereNoRunnerCalled() {
    String[] task = {
      POOL, "com.acme.Pool.submit", "com.acme.Task.run", "java.base/java.lang.Thread.run:840"
    };
    String[] main = {START, "com.acme.Shop.open", INVOKE, "com.acme.Launcher.main"};

    assertThat(functions(origin(task))).hasSize(4);
    assertThat(calledFrom(origin(task))).hasValue("com.acme.Task.run");
    assertThat(functions(origin(main))).hasSize(4);
    assertThat(calledFrom(origin(main))).hasValue("com.acme.Shop.open");
    assertThat(functions(origin(START, RUNNER, MAIN))).hasSize(3);
    assertThat(functions(origin())).isEmpty();
    assertThat(calledFrom(origin())).isEmpty();
  }

  private static ThreadOrigin origin(String... frames) {
    return new ThreadOrigin(
        1, "main", Arrays.stream(frames).map(Samples::frame).toList(), Optional.empty());
  }

  private static List<String> functions(ThreadOrigin origin) {
    return origin.framesOfTest().stream().map(StackFrames::function).toList();
  }

  private static Optional<String> calledFrom(ThreadOrigin origin) {
    return origin.calledFrom().map(StackFrames::function);
  }
}
