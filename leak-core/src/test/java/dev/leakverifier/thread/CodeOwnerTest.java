package dev.leakverifier.thread;

import static com.google.common.truth.Truth.assertThat;
import static com.google.common.truth.Truth.assertWithMessage;

import com.google.common.collect.ImmutableMap;
import dev.leakverifier.LeakConfiguration;
import dev.leakverifier.LeakOption;
import dev.leakverifier.LeakVerifier;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.testng.annotations.AfterMethod;
import org.testng.annotations.DataProvider;
import org.testng.annotations.Test;

/** Whose is the code on the class path of this very test. */
public class CodeOwnerTest {
  @AfterMethod
  public void findOutAgain() {
    CodeOwner.setOwnPackages(List.of());
  }

  @DataProvider
  Object[][] frames() {
    return new Object[][] {
      {"java.base/java.lang.Thread.run", CodeOwner.JDK},
      {"jdk.internal.reflect.GeneratedMethodAccessor4.invoke", CodeOwner.JDK},
      {"com.acme.Pool.submit", CodeOwner.PROJECT},
      {"dev.leakverifier.thread.CodeOwnerTest.frames", CodeOwner.PROJECT},
      {"com.acme.Pool$$SpringCGLIB$$0.submit", CodeOwner.PROJECT}, // made while the JVM runs
      {"dev.leakverifier.LeakScope.close", CodeOwner.RUNNER},
      {"org.testng.TestNG.run", CodeOwner.RUNNER},
      {"org.slf4j.LoggerFactory.getLogger", CodeOwner.LIBRARY},
      {"com.zaxxer.hikari.HikariDataSource.close", CodeOwner.LIBRARY},
      {"com.zaxxer.hikari.HikariDataSource$$Proxy12.close", CodeOwner.LIBRARY},
      {"com.acme.NowhereToBeFound.run", CodeOwner.UNKNOWN},
    };
  }

  @Test(dataProvider = "frames")
  public void tellsWhoseAFrameIs(String frame, CodeOwner owner) {
    assertThat(CodeOwner.of(Samples.frame(frame))).isEqualTo(owner);
  }

  @Test
  public void onlyTheNamedPackagesAreTheProjects() {
    LeakConfiguration configuration =
        LeakConfiguration.load(
            "parameter", Map.of("leak.ownPackages", "com.zaxxer, org.slf4j.helpers"));
    LeakVerifier.scope(configuration.options().toArray(LeakOption[]::new));

    ImmutableMap<String, CodeOwner> expected =
        ImmutableMap.of(
            "com.zaxxer.hikari.HikariDataSource.close", CodeOwner.PROJECT,
            "com.acme.Pool.submit", CodeOwner.LIBRARY,
            "org.slf4j.LoggerFactory.getLogger", CodeOwner.LIBRARY,
            "org.slf4j.helpersnot.A.b", CodeOwner.LIBRARY,
            "org.testng.TestNG.run", CodeOwner.RUNNER);
    expected.forEach(
        (frame, owner) ->
            assertWithMessage(frame).that(CodeOwner.of(Samples.frame(frame))).isEqualTo(owner));
  }

  @Test
  public void theProjectsCallIsTheInnermostOneOfItsCode() {
    ThreadOrigin origin =
        origin(
            "java.base/java.lang.Thread.start:809",
            "com.zaxxer.hikari.pool.HikariPool.<init>:93",
            "com.zaxxer.hikari.HikariDataSource.<init>:80",
            "com.acme.Pool.open:12",
            "com.acme.PatternsTest.test:5");

    OwnCall call = OwnCall.of(origin).orElseThrow();
    assertThat(StackFrames.text(call.line())).isEqualTo("com.acme.Pool.open(Pool.java:12)");
    assertThat(call.above()).hasSize(3);
    assertThat(ownFunction(origin)).hasValue("com.acme.Pool.open");
  }

  @Test
  public void theProjectMayHaveCalledWhatStartedTheStarter() {
    ThreadOrigin first = origin("com.zaxxer.hikari.HikariDataSource.<init>", "com.acme.Pool.open");
    ThreadOrigin second =
        new ThreadOrigin(
            2, "w", List.of(Samples.frame("com.zaxxer.hikari.A.run")), Optional.of(first));

    assertThat(ownFunction(second)).hasValue("com.acme.Pool.open");
  }

  /** As where a class loader of its own has the tests: their classes are not to be found then. */
  @Test
  public void whatIsInThePackageOfTheTestIsTheProjectsWhereNothingElseTells() {
    ThreadOrigin origin =
        origin(
            "org.isolated.Server.start",
            "com.isolated.shop.Shop.open",
            "com.isolated.shop.ShopTest.sells",
            "java.base/java.lang.reflect.Method.invoke",
            "org.testng.internal.invokers.MethodInvocationHelper.invokeMethod");

    assertThat(ownFunction(origin)).hasValue("com.isolated.shop.Shop.open");
  }

  @Test
  public void noneIsTheProjectsWhereOnlyARunnerAndALibraryAre() {
    assertThat(
            ownFunction(
                origin("com.zaxxer.hikari.HikariDataSource.<init>", "org.testng.TestNG.run")))
        .isEmpty();
  }

  private static Optional<String> ownFunction(ThreadOrigin origin) {
    return OwnCall.of(origin).map(OwnCall::function);
  }

  private static ThreadOrigin origin(String... frames) {
    return new ThreadOrigin(
        1, "main", List.of(frames).stream().map(Samples::frame).toList(), Optional.empty());
  }
}
