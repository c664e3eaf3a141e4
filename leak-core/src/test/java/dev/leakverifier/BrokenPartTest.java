package dev.leakverifier;

import static com.google.common.truth.Truth.assertThat;
import static dev.leakverifier.testing.BrokenPart.LEFT;

import dev.leakverifier.diagnosis.IgnoreLine;
import dev.leakverifier.page.JsonSchema;
import dev.leakverifier.testing.BlockedThread;
import dev.leakverifier.testing.BrokenPart;
import dev.leakverifier.testing.ClassPath;
import dev.leakverifier.testing.ForkedJvm;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.testng.annotations.DataProvider;
import org.testng.annotations.Test;

/** What goes wrong while a report is made costs a part of it, and changes no verdict. */
public class BrokenPartTest {
  private static final LeakOption AT_ONCE = LeakVerifier.maxWait(Duration.ZERO);

  @DataProvider
  Object[] ofAnyReport() {
    return new BrokenPart[] {
      BrokenPart.DIAGNOSIS, BrokenPart.GROUPS, BrokenPart.TEXT, BrokenPart.STARTERS, BrokenPart.LOG
    };
  }

  @Test(dataProvider = "ofAnyReport")
  public void changesNoVerdictOfTheApi(BrokenPart part) throws Exception {
    part.assertCostsItselfOnly(
        ChecksByApi.class, List.of("verifyNone", "scope"), List.of("verifyNone", "scope"));
  }

  static final class ChecksByApi {
    public static void main(String[] args) {
      if (Boolean.getBoolean("leak.origins")) {
        LeakVerifier.recordOrigins();
      }
      LeakOption warn = LeakVerifier.warnOnly();
      LeakScope scope = LeakVerifier.scope(AT_ONCE);
      LeakScope warning = LeakVerifier.scope(AT_ONCE, warn);
      LeakOption others = LeakVerifier.ignoreCurrent();
      try (BlockedThread left = BlockedThread.start(LEFT)) {
        check("verifyNone", () -> LeakVerifier.verifyNone(AT_ONCE, others));
        check("scope", scope::close);
        check("verifyNone", () -> LeakVerifier.verifyNone(AT_ONCE, others, warn));
        check("scope", warning::close);
      }
    }

    private static void check(String name, Runnable check) {
      try {
        check.run();
        BrokenPart.passes(name);
      } catch (LeakError e) {
        BrokenPart.fails(name, e);
      }
    }
  }

  @DataProvider
  Object[] all() {
    return BrokenPart.values();
  }

  @Test(dataProvider = "all")
  public void changesNoVerdictOfAWatch(BrokenPart part) throws Exception {
    part.assertCostsItselfOnly(Watches.class, List.of("watch"), List.of("watch"));
  }

  static final class Watches {
    private record Named(String describe) implements LeakWatch.Window {
      @Override
      public Optional<List<LeakOption>> options() {
        return Optional.of(List.of());
      }
    }

    public static void main(String[] args) {
      check();
      System.setProperty("leak.action", "warn");
      check();
    }

    private static void check() {
      LeakConfiguration settings = LeakConfiguration.load("", Map.of());
      try (LeakWatch<Named> watch = LeakWatch.start(IgnoreLine.Place.JAVA, settings, List.of())) {
        watch.opened(new Named("a test"));
        try (BlockedThread left = BlockedThread.start(LEFT)) {
          watch.appearedIn(new Named("a test"));
          List<LeakWatch.Leak<Named>> leaks = watch.judge(window -> true);
          if (leaks.isEmpty()) {
            BrokenPart.passes("watch");
          }
          leaks.forEach(leak -> BrokenPart.fails("watch", leak.report().toError()));
        }
      }
    }
  }

  @Test
  public void writesJsonThatSaysThatThereIsNoMore() throws Exception {
    Path folder = Files.createTempDirectory("broken");
    ForkedJvm.Ended jvm =
        ForkedJvm.run(
            ClassPath.ofTests().breaking("dev.leakverifier.report.ReportJson", folder),
            List.of(),
            WritesJson.class);

    assertThat(JsonSchema.errorsIn(jvm.out())).isEmpty();
    assertThat(jvm.out()).contains("\"leaked\":1");
    assertThat(jvm.out()).contains("\"notSeen\":[\"the JSON of this report is lost: ");
  }

  static final class WritesJson {
    public static void main(String[] args) {
      LeakScope scope = LeakVerifier.scope(AT_ONCE);
      try (BlockedThread left = BlockedThread.start(LEFT)) {
        System.out.print(scope.check().toJson());
      }
    }
  }

  @Test
  public void saysThatItIsNotKnownWhoHoldsALock() throws Exception {
    Path folder = Files.createTempDirectory("broken");
    ForkedJvm.Ended jvm =
        ForkedJvm.run(
            ClassPath.ofTests().breaking("dev.leakverifier.check.LockSearch", folder),
            List.of(),
            PrintsReport.class);

    assertThat(jvm.out()).contains("1) waits in vain   \"left\"   WAITING");
    assertThat(jvm.out()).contains("\n\nnot seen: who holds the locks: java.lang.");
  }

  static final class PrintsReport {
    public static void main(String[] args) {
      LeakScope scope = LeakVerifier.scope(AT_ONCE);
      try (BlockedThread left = BlockedThread.start(LEFT)) {
        System.out.print(scope.check());
      }
    }
  }
}
