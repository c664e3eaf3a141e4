package dev.leakverifier;

import static com.google.common.truth.Truth.assertThat;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.testng.Assert.expectThrows;

import com.google.common.collect.ImmutableMap;
import dev.leakverifier.page.ReportSetting;
import java.io.IOException;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.testng.Assert;
import org.testng.Assert.ThrowingRunnable;
import org.testng.annotations.AfterClass;
import org.testng.annotations.BeforeClass;
import org.testng.annotations.DataProvider;
import org.testng.annotations.Test;

public class LeakConfigurationTest {
  private String heap = "";

  /** All tests of this module run with it, and here it is nothing but one more setting. */
  @BeforeClass
  public void setNothing() {
    heap = System.clearProperty("leak.heap");
  }

  @AfterClass
  public void setAsBefore() {
    System.setProperty("leak.heap", heap);
  }

  @Test
  public void checksWithTheDefaultsWhereNothingIsSet() {
    LeakConfiguration configuration = load(Map.of());

    assertThat(configuration.isEnabled()).isTrue();
    assertThat(configuration.levels()).isEmpty();
    assertThat(configuration.options()).isEmpty();
    assertThat(configuration.toString()).isEqualTo("defaults");
  }

  @Test
  public void isTheSameForAllFrameworksThatSetNothing() {
    assertThat(LeakConfiguration.load("one", Map.of()))
        .isSameInstanceAs(LeakConfiguration.load("another", Map.of()));
  }

  @Test
  public void aFrameworksOwnFileMayMisspellAKey() {
    IllegalArgumentException error =
        Assert.expectThrows(
            IllegalArgumentException.class,
            () ->
                withFile(
                    "framework.properties",
                    "leak.max-wait=1s",
                    () ->
                        LeakConfiguration.loadWithin(
                            "its file", "framework.properties", key -> Optional.empty())));

    assertThat(error)
        .hasMessageThat()
        .isEqualTo(
            "leak.max-wait = \"1s\" (its file): there is no such setting; write leak.maxWait");
  }

  @Test
  public void readsEveryKey() {
    LeakConfiguration configuration =
        load(
            ImmutableMap.<String, String>builder()
                .put("leak.enabled", "FALSE")
                .put("leak.scope", "suite, method")
                .put("leak.maxWait", "750ms")
                .put("leak.firstWait", "3s")
                .put("leak.ignoreTopFunction", "a.B.c, d.E.f")
                .put("leak.ignoreAnyFunction", "g.H.i")
                .put("leak.ignoreCreatedBy", "j.K.l")
                .put("leak.ignoreName", "grpc-*")
                .put("leak.runOnFailure", "true")
                .put("leak.action", "Warn")
                .put("leak.knownLibraries", "false")
                .put("leak.virtualThreads", "false")
                .put("leak.heap", "Never")
                .put("unrelated", "kept out")
                .buildOrThrow());

    assertThat(configuration.isEnabled()).isFalse();
    assertThat(configuration.levels()).containsExactly(LeakLevel.SUITE, LeakLevel.METHOD);
    assertThat(configuration.options().stream().map(LeakOption::toString).toList())
        .containsExactly(
            "maxWait(PT0.75S)",
            "firstWait(PT3S)",
            "runOnFailure()",
            "warnOnly()",
            "knownLibraries(false)",
            "virtualThreads(false)",
            "leak.heap=NEVER",
            "ignoreTopFunction(\"a.B.c\")",
            "ignoreTopFunction(\"d.E.f\")",
            "ignoreAnyFunction(\"g.H.i\")",
            "ignoreCreatedBy(\"j.K.l\")",
            "ignoreName(\"grpc-*\")");
  }

  @Test
  public void takesTheDefaultsForTheirWords() {
    LeakConfiguration configuration =
        load(Map.of("leak.enabled", "true", "leak.scope", "AUTO", "leak.runOnFailure", "false"));

    assertThat(configuration.isEnabled()).isTrue();
    assertThat(configuration.levels()).isEmpty();
    assertThat(configuration.options()).isEmpty();
  }

  @Test
  public void writesTheReportOfTheRunWhereAndWhenItIsSaid() {
    LeakConfiguration always =
        load(Map.of("leak.reportDir", "build/leaks", "leak.report", "always"));

    assertThat(always.report())
        .isEqualTo(
            Optional.of(
                new ReportSetting(
                    Path.of("build/leaks").toAbsolutePath(),
                    /* always= */ true,
                    "leak.reportDir = \"build/leaks\" (parameter)")));
    assertThat(load(Map.of("leak.reportDir", "x")).report().map(ReportSetting::always))
        .isEqualTo(Optional.of(false));
    assertThat(load(Map.of("leak.reportDir", "x", "leak.report", "never")).report())
        .isEqualTo(Optional.empty());
    assertThat(load(Map.of("leak.report", "Leak")).report())
        .isEqualTo(load(Map.of()).report()); // the default, which is Surefire's here
  }

  @Test
  public void ordersTheLevelsFromTheNarrowestToTheWidest() {
    assertThat(LeakLevel.METHOD.orWider(LeakLevel.CLASS)).isEqualTo(LeakLevel.CLASS);
    assertThat(LeakLevel.SUITE.orWider(LeakLevel.TEST)).isEqualTo(LeakLevel.SUITE);
    assertThat(LeakLevel.CLASS.orWider(LeakLevel.CLASS)).isEqualTo(LeakLevel.CLASS);
    assertThat(LeakLevel.TEST.toString()).isEqualTo("test");
  }

  @Test
  public void readsDurationsAsPeopleWriteThem() {
    assertThat(maxWait("750ms")).isEqualTo("maxWait(PT0.75S)");
    assertThat(maxWait("2s")).isEqualTo("maxWait(PT2S)");
    assertThat(maxWait(" 2 s ")).isEqualTo("maxWait(PT2S)");
    assertThat(maxWait("PT2S")).isEqualTo("maxWait(PT2S)");
    assertThat(maxWait("0s")).isEqualTo("maxWait(PT0S)");
  }

  @Test
  public void takesTheParameterBeforeTheSystemPropertyBeforeTheFile() {
    withSystemProperty(
        "leak.maxWait",
        "2s",
        () ->
            withFile(
                "leak.maxWait=3s\nleak.scope=class\n",
                () -> {
                  LeakConfiguration both = load(Map.of("leak.maxWait", "1s"));
                  assertThat(both.options().toString()).isEqualTo("[maxWait(PT1S)]");
                  assertThat(both.levels()).containsExactly(LeakLevel.CLASS);
                  assertThat(load(Map.of()).options().toString()).isEqualTo("[maxWait(PT2S)]");
                  assertThat(both.toString())
                      .isEqualTo(
                          "leak.maxWait = \"1s\" (parameter),"
                              + " leak.maxWait = \"2s\" (system property),"
                              + " leak.maxWait = \"3s\" (leakverifier.properties),"
                              + " leak.scope = \"class\" (leakverifier.properties)");
                  return null;
                }));
  }

  @Test
  public void addsUpWhatIsToBeIgnored() {
    String options =
        withSystemProperty(
            "leak.ignoreName",
            "b",
            () ->
                withFile(
                    "leak.ignoreName=c,d",
                    () -> load(Map.of("leak.ignoreName", "a")).options().toString()));

    assertThat(options)
        .isEqualTo("[ignoreName(\"a\"), ignoreName(\"b\"), ignoreName(\"c\"), ignoreName(\"d\")]");
  }

  @DataProvider
  Object[][] bad() {
    return new Object[][] {
      {
        "leak.scpoe",
        "class",
        "leak.scpoe = \"class\" (parameter): there is no such setting; there are leak.enabled,"
            + " leak.scope, leak.maxWait, leak.firstWait, leak.ignoreTopFunction, leak.ignoreAnyFunction,"
            + " leak.ignoreCreatedBy, leak.ignoreName, leak.runOnFailure, leak.action,"
            + " leak.accepted, leak.acceptCurrent, leak.knownLibraries, leak.ownPackages,"
            + " leak.origins, leak.virtualThreads, leak.heap, leak.report, leak.reportDir"
      },
      {
        "leak.ownPackages",
        "com.acme.*",
        "leak.ownPackages = \"com.acme.*\" (parameter) must be packages, comma-separated, e.g."
            + " com.acme"
      },
      {
        "leak.report",
        "sometimes",
        "leak.report = \"sometimes\" (parameter) must be leak, always or never"
      },
      {
        "leak.reportDir",
        " ",
        "leak.reportDir = \" \" (parameter) must be a folder, which need not exist"
      },
      {
        "leak.enabled", "yes", "leak.enabled = \"yes\" (parameter) must be true or false",
      },
      {
        "leak.scope",
        "auto,class",
        "leak.scope = \"auto,class\" (parameter) must be auto, or one or several of method, class,"
            + " test, suite, comma-separated"
      },
      {
        "leak.scope",
        "",
        "leak.scope = \"\" (parameter) must be auto, or one or several of method, class, test,"
            + " suite, comma-separated"
      },
      {
        "leak.maxWait",
        "2",
        "leak.maxWait = \"2\" (parameter) must be a duration such as 750ms, 2s or PT2S"
      },
      {
        "leak.maxWait",
        "-PT1S",
        "leak.maxWait = \"-PT1S\" (parameter) must be a duration such as 750ms, 2s or PT2S"
      },
      {
        "leak.maxWait",
        "99999999999999999999s",
        "leak.maxWait = \"99999999999999999999s\" (parameter) must be a duration such as 750ms, 2s"
            + " or PT2S"
      },
      {
        "leak.action",
        "log",
        "leak.action = \"log\" (parameter) must be fail or warn, or one of them and interrupt,"
            + " comma-separated",
      },
      {
        "leak.accepted",
        " ",
        "leak.accepted = \" \" (parameter) must be a file, e.g. src/test/accepted-leaks.txt"
      },
      {
        "leak.accepted",
        "no/such.txt",
        "leak.accepted = \"no/such.txt\" (parameter): there is no file "
            + Path.of("no/such.txt").toAbsolutePath()
            + "; a run with leak.acceptCurrent=true makes it"
      },
      {
        "leak.accepted",
        "src",
        "leak.accepted = \"src\" (parameter): "
            + Path.of("src").toAbsolutePath()
            + " must be a file, but is a directory"
      },
      {
        "leak.acceptCurrent",
        "yes",
        "leak.acceptCurrent = \"yes\" (parameter) must be true or false"
      },
      {
        "leak.acceptCurrent",
        "true",
        "leak.acceptCurrent = \"true\" (parameter): there is no file to add leaks to; set"
            + " leak.accepted to a file, e.g. src/test/accepted-leaks.txt"
      },
      {
        "leak.ignoreTopFunction",
        "a.B.c, run",
        "leak.ignoreTopFunction = \"a.B.c, run\" (parameter): function (\"run\") must be"
            + " Class.getName() + \".\" + method, e.g. com.acme.Worker.run"
      },
      {
        "leak.ignoreCreatedBy",
        "com/acme/Poller.poll",
        "leak.ignoreCreatedBy = \"com/acme/Poller.poll\" (parameter): function"
            + " (\"com/acme/Poller.poll\") must be Class.getName() + \".\" + method, e.g."
            + " com.acme.Poller.poll"
      },
    };
  }

  @DataProvider
  Object[][] meantForUs() {
    return new Object[][] {
      {"leaks.maxWait", "leak.maxWait"},
      {"leak_maxWait", "leak.maxWait"},
      {"leak-max-wait", "leak.maxWait"},
      {"LEAK_MAX_WAIT", "leak.maxWait"},
      {"Leak.MaxWait", "leak.maxWait"},
      {"leak.maxwait", "leak.maxWait"},
      {"leakverifier.enabled", "leak.enabled"},
      {"LeakVerifier.enabled", "leak.enabled"},
      {"leak-verifier.report-dir", "leak.reportDir"},
      {"dev.leakverifier.enabled", "leak.enabled"},
      {"leakverifier.leak.ignoreName", "leak.ignoreName"},
    };
  }

  @Test(dataProvider = "meantForUs")
  public void refusesAKeyThatWasSurelyMeantForUsWhereverItStands(String key, String right) {
    String refusal = "there is no such setting; write " + right;

    assertThat(refusal(() -> load(Map.of(key, "1s"))))
        .isEqualTo(key + " = \"1s\" (parameter): " + refusal);
    assertThat(withSystemProperty(key, "1s", () -> refusal(() -> load(Map.of()))))
        .isEqualTo(key + " = \"1s\" (system property): " + refusal);
    assertThat(withFile(key + "=1s", () -> refusal(() -> load(Map.of()))))
        .isEqualTo(key + " = \"1s\" (leakverifier.properties): " + refusal);
  }

  @Test
  public void refusesTheBareNameOfASettingInOurOwnFileOnly() {
    assertThat(withFile("maxWait=1s", () -> refusal(() -> load(Map.of()))))
        .isEqualTo(
            "maxWait = \"1s\" (leakverifier.properties): there is no such setting; write"
                + " leak.maxWait");
    assertThat(load(Map.of("maxWait", "1s", "enabled", "no", "scope", "x")).toString())
        .isEqualTo("defaults");
  }

  @DataProvider
  Object[][] foreign() {
    return new Object[][] {
      {"leakDetectionThreshold"},
      {"leak"},
      {"leaks"},
      {"leakMaxWait"},
      {"leaks.detector"},
      {"leaks.enabledFor"},
      {"leakcanary.enabled"},
      {"leakage.scope"},
      {"leakverifier.version"},
      {"io.netty.leakDetection.level"},
      {"io.netty.leak.enabled"},
      {"my.leak.maxWait"},
      {"dev.leak.detector"},
      {"memleak.report"},
    };
  }

  @Test(dataProvider = "foreign")
  public void leavesAloneTheKeysOfOthers(String key) {
    assertThat(load(Map.of(key, "x")).toString()).isEqualTo("defaults");
    assertThat(withSystemProperty(key, "x", () -> load(Map.of()).toString())).isEqualTo("defaults");
    assertThat(withFile(key + "=x", () -> load(Map.of()).toString())).isEqualTo("defaults");
  }

  @Test
  public void recordsOriginsUnlessToldNotTo() {
    assertThat(load(Map.of()).recordsOrigins()).isTrue();
    assertThat(load(Map.of("leak.origins", "false")).recordsOrigins()).isFalse();
  }

  @Test
  public void saysWhichLineOfTheAcceptedLeaksIsBad() {
    withTemporaryFile(
        "# leaks\nno fingerprint\n",
        file -> {
          IllegalArgumentException error =
              expectThrows(
                  IllegalArgumentException.class, () -> load(Map.of("leak.accepted", file)));
          assertThat(error)
              .hasMessageThat()
              .isEqualTo(
                  "leak.accepted = \"%s\" (parameter): %s, line 2: \"no fingerprint\" must begin with a fingerprint such as 9f86d081884c-7d65, or with #"
                      .formatted(file, file));
        });
    withTemporaryFile(
        "\u00e9",
        file -> {
          IllegalArgumentException error =
              expectThrows(
                  IllegalArgumentException.class, () -> load(Map.of("leak.accepted", file)));
          assertThat(error)
              .hasMessageThat()
              .isEqualTo(
                  "leak.accepted = \"%s\" (parameter): %s must be text in UTF-8"
                      .formatted(file, file));
        });
  }

  @Test
  public void readsNoAcceptedLeaksWhereNothingIsChecked() {
    Map<String, String> missing = Map.of("leak.accepted", "no/such");

    expectThrows(IllegalArgumentException.class, () -> load(missing).options());
    assertThat(load(Map.of("leak.accepted", "no/such", "leak.enabled", "false")).options())
        .isEmpty();
  }

  @Test
  public void acceptsByTheStrongestSettings() {
    withTemporaryFile(
        "",
        file -> {
          String options =
              withSystemProperty(
                  "leak.acceptCurrent",
                  "true",
                  () -> load(Map.of("leak.accepted", file)).options().toString());
          assertThat(options).isEqualTo("[leak.accepted=" + file + ", leak.acceptCurrent=true]");
        });
  }

  @Test(dataProvider = "bad")
  public void saysWhichSettingIsBadWhereAndWhatWouldBeRight(
      String key, String value, String message) {
    IllegalArgumentException error =
        expectThrows(IllegalArgumentException.class, () -> load(Map.of(key, value)));
    assertThat(error).hasMessageThat().isEqualTo(message);
  }

  @Test
  public void refusesABadValueEvenWhereAStrongerOneHidesIt() {
    withFile(
        "leak.maxWait=soon",
        () -> {
          IllegalArgumentException error =
              expectThrows(
                  IllegalArgumentException.class, () -> load(Map.of("leak.maxWait", "1s")));
          assertThat(error).hasMessageThat().contains("\"soon\" (leakverifier.properties)");
          return null;
        });
  }

  private static LeakConfiguration load(Map<String, String> parameters) {
    return LeakConfiguration.load("parameter", parameters);
  }

  private static String refusal(ThrowingRunnable load) {
    return String.valueOf(expectThrows(IllegalArgumentException.class, load).getMessage());
  }

  private static String maxWait(String value) {
    List<LeakOption> options = load(Map.of("leak.maxWait", value)).options();
    return options.get(0).toString();
  }

  private static <T> T withSystemProperty(String key, String value, Supplier<T> body) {
    System.setProperty(key, value);
    try {
      return body.get();
    } finally {
      System.clearProperty(key);
    }
  }

  private static void withTemporaryFile(String latin1, Consumer<String> body) {
    try {
      Path file = Files.createTempFile("leakverifier", ".txt");
      try {
        Files.writeString(file, latin1, ISO_8859_1);
        body.accept(file.toString());
      } finally {
        Files.delete(file);
      }
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  /** Runs {@code body} where {@code leakverifier.properties} on the class path has {@code text}. */
  private static <T> T withFile(String text, Supplier<T> body) {
    return withFile("leakverifier.properties", text, body);
  }

  private static <T> T withFile(String name, String text, Supplier<T> body) {
    ClassLoader before = Thread.currentThread().getContextClassLoader();
    try {
      Path folder = Files.createTempDirectory("leakverifier");
      Path file = Files.writeString(folder.resolve(name), text);
      try (URLClassLoader loader = new URLClassLoader(new URL[] {url(folder)}, before)) {
        Thread.currentThread().setContextClassLoader(loader);
        return body.get();
      } finally {
        Thread.currentThread().setContextClassLoader(before);
        Files.delete(file);
        Files.delete(folder);
      }
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static URL url(Path folder) throws MalformedURLException {
    return folder.toUri().toURL();
  }
}
