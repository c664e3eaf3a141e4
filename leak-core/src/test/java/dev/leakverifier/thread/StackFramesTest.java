package dev.leakverifier.thread;

import static com.google.common.truth.Truth.assertThat;
import static com.google.common.truth.Truth.assertWithMessage;

import org.jspecify.annotations.Nullable;
import org.testng.annotations.DataProvider;
import org.testng.annotations.Test;

public class StackFramesTest {
  @DataProvider
  Object[][] frames() {
    return new StackTraceElement[][] {
      {frame(null, null, null, "com.acme.Pool", "run", "Pool.java", 31)},
      {frame(null, null, null, "Pool", "<init>", "Pool.java", -1)},
      {frame(null, null, null, "com.acme.Pool$1", "lambda$go$0", null, -1)},
      {frame(null, "java.base", null, "java.lang.Object", "wait0", null, -2)},
      {frame(null, "acme.shop", "1.0@beta", "com.acme.Pool", "run", "Pool.kt", 99_999)},
      {frame("plugins", "acme.shop", "2.1", "com.acme.Pool", "run", "Pool.java", 1)},
      {frame("plugins", null, null, "com.acme.Pool", "run", "Pool.java", 1)},
      {frame("a/b java.base/", null, null, "com.acme.Pool", "run", "Pool.java", 1)},
      {frame(null, null, null, "com.acme.Gen/0x00007f1b2c001000", "apply", null, -1)},
      {frame(null, "acme.shop", null, "com.acme.G$$L/0x1f", "apply", "G.java", 3)},
      {frame("plugins", null, null, "com.acme.Gen/0x1f", "apply", null, -1)},
      {frame(null, null, null, "com.acme.PoolTest", "closes (twice), it does", "P.kt", 5)},
      {frame(null, null, null, "com.acme.Pool", "run", "C:\\Pool.java", 7)},
    };
  }

  @Test(dataProvider = "frames")
  public void parsesWhatTheJdkPrints(StackTraceElement frame) {
    assertWithMessage("%s", frame)
        .that(StackFrames.parse(frame.toString()))
        .isEqualTo(StackFrames.plain(frame));
  }

  @Test
  public void takesNoClassLoaderForAModule() {
    StackTraceElement faked = StackFrames.parse("java.base//com.acme.Pool.run(Pool.java:1)");

    assertThat(faked).isNotNull();
    assertThat(faked != null && StackFrames.isJdk(faked)).isFalse();
  }

  @DataProvider
  Object[][] others() {
    return new String[][] {{""}, {"com.acme.Pool.run"}, {"run(Pool.java:1)"}, {"a.b(c"}, {"(A:1)"}};
  }

  @Test(dataProvider = "others")
  public void parsesNothingElse(String text) {
    assertThat(StackFrames.parse(text)).isNull();
  }

  @DataProvider
  Object[][] framesOfJvm() {
    return new Object[][] {
      {
        "com.acme.Pool.run(Pool.java:31)",
        frame(null, null, null, "com.acme.Pool", "run", "Pool.java", 31)
      },
      {"Pool.<init>(Pool.java)", frame(null, null, null, "Pool", "<init>", "Pool.java", -1)},
      {"a.B$1.go(Unknown Source)", frame(null, null, null, "a.B$1", "go", null, -1)},
      {"a.B.go(Native Method)", frame(null, null, null, "a.B", "go", null, -2)},
      {
        "a.B.go(java.base@25.0.3/B.java:1)",
        frame(null, "java.base", null, "a.B", "go", "B.java", 1)
      },
      {"a.B.go(java.base/Native Method)", frame(null, "java.base", null, "a.B", "go", null, -2)},
      {"a.B.go(acme.shop@1.0@beta/B.kt:9)", frame(null, "acme.shop", null, "a.B", "go", "B.kt", 9)},
      {"a.B.go(C:\\B.java:7)", frame(null, null, null, "a.B", "go", "C:\\B.java", 7)},
      {"a.B.does (x), it(P.kt:5)", frame(null, null, null, "a.B", "does (x), it", "P.kt", 5)},
      {
        "a.B$$Lambda/0x1f.run(Unknown Source)",
        frame(null, null, null, "a.B$$Lambda/0x1f", "run", null, -1)
      },
      {
        "a.B$$Lambda$1/1044.run(Unknown Source)",
        frame(null, null, null, "a.B$$Lambda$1/1044", "run", null, -1)
      },
    };
  }

  @Test(dataProvider = "framesOfJvm")
  public void parsesWhatTheJvmPrints(String text, StackTraceElement frame) {
    assertWithMessage(text).that(StackFrames.parseJvm(text)).isEqualTo(frame);
  }

  @Test(dataProvider = "others")
  public void parsesNothingElseOfTheJvm(String text) {
    assertThat(StackFrames.parseJvm(text)).isNull();
  }

  private static StackTraceElement frame(
      @Nullable String loader,
      @Nullable String module,
      @Nullable String version,
      String className,
      String method,
      @Nullable String file,
      int line) {
    return new StackTraceElement(loader, module, version, className, method, file, line);
  }
}
