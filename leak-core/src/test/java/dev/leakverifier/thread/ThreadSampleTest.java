package dev.leakverifier.thread;

import static com.google.common.truth.Truth.assertThat;

import dev.leakverifier.jvm.LiveThread;
import dev.leakverifier.jvm.LiveThreads;
import dev.leakverifier.jvm.Stacks;
import dev.leakverifier.testing.BlockedThread;
import java.util.List;
import java.util.Optional;
import org.testng.annotations.Test;

public class ThreadSampleTest {
  private static final ThreadSample SLEEPER =
      Samples.of(
          "worker",
          Thread.State.TIMED_WAITING,
          "java.base/java.lang.Thread.sleepNanos0",
          "java.base/java.lang.Thread.sleepNanos:509",
          "java.base/java.lang.Thread.sleep:540",
          "com.acme.Worker.run:12",
          "java.base/java.lang.Thread.run:1474");

  @Test
  public void standsInTheTopmostFrameAsItIs() {
    assertThat(SLEEPER.standsIn("java.lang.Thread.sleepNanos0")).isTrue();
  }

  @Test
  public void standsInTheTopmostFrameOutsideTheJdk() {
    assertThat(SLEEPER.standsIn("com.acme.Worker.run")).isTrue();
  }

  @Test
  public void standsInTheJdkFunctionThatTheUserCalled() {
    assertThat(SLEEPER.standsIn("java.lang.Thread.sleep")).isTrue();
  }

  @Test
  public void doesNotStandElsewhereInItsStack() {
    assertThat(SLEEPER.standsIn("java.lang.Thread.sleepNanos")).isFalse();
    assertThat(SLEEPER.standsIn("java.lang.Thread.run")).isFalse();
    assertThat(SLEEPER.hasFunction("java.lang.Thread.run")).isTrue();
    assertThat(SLEEPER.hasFunction("java.lang.Thread.stop")).isFalse();
  }

  @Test
  public void hasAStackOfOneFrameALine() {
    ThreadSample sample =
        Samples.of("t", Thread.State.RUNNABLE, "com.acme.Worker.run:12", "com.acme.Outer$Inner.go");

    assertThat(sample.stack())
        .isEqualTo("com.acme.Worker.run(Worker.java:12)\ncom.acme.Outer$Inner.go(Outer.java)");
    assertThat(sample.topFunction()).isEqualTo("com.acme.Worker.run");
  }

  @Test
  public void isBlankWithoutFrames() {
    ThreadSample sample = Samples.of("t", Thread.State.RUNNABLE);

    assertThat(sample.topFunction()).isEmpty();
    assertThat(sample.stack()).isEmpty();
    assertThat(sample.createdBy()).isEqualTo(Optional.empty());
  }

  @Test
  public void leavesOutTheClassesThatTheJvmMakesForLambdas() {
    ThreadSample sample =
        Samples.of(
            "t", Thread.State.RUNNABLE, "com.acme.Worker.lambda$go$0:12", "java.base/a.B.run:1");
    assertThat(sample.frames()).hasSize(2);

    StackTraceElement hidden =
        new StackTraceElement("com.acme.Worker$$Lambda/0x00007f1", "run", null, -1);
    ThreadSample withHidden =
        ThreadSample.builder(1, "t", Thread.State.RUNNABLE)
            .frames(new Stacks().plain(new StackTraceElement[] {hidden}))
            .build();
    assertThat(withHidden.frames()).isEmpty();
  }

  @Test
  public void tellsWhatTheThreadWasLikeThen() {
    BlockedThread blocked =
        BlockedThread.start(
            body -> {
              Thread thread = new Thread(new ThreadGroup("own"), body, "blocked");
              thread.setDaemon(true);
              return thread;
            });
    ThreadSample sample;
    try (blocked) {
      sample = LiveThreads.samplePlatform(List.of(blocked.thread())).get(0);
    }

    assertThat(sample.id()).isEqualTo(blocked.thread().getId());
    assertThat(sample.name()).isEqualTo("blocked");
    assertThat(sample.state()).isEqualTo(Thread.State.WAITING);
    assertThat(sample.isDaemon()).isTrue();
    assertThat(sample.isVirtual()).isFalse();
    assertThat(sample.groupName()).isEqualTo("own");
    assertThat(sample.threadClass()).isEqualTo("java.lang.Thread");
    assertThat(sample.standsIn(BlockedThread.FUNCTION)).isTrue();
    assertThat(LiveThreads.samplePlatform(List.of(blocked.thread()))).isEmpty();
  }

  @Test
  public void survivesAThreadThatLiesAboutItself() {
    class Liar extends Thread {
      Liar(Runnable body) {
        super(body, "liar");
      }

      @Override
      @SuppressWarnings({"deprecation", "removal"}) // users do it all the same
      public long getId() {
        throw new UnsupportedOperationException();
      }

      @Override
      public StackTraceElement[] getStackTrace() {
        throw new UnsupportedOperationException();
      }

      @Override
      public String toString() {
        throw new UnsupportedOperationException();
      }
    }
    try (BlockedThread liar = BlockedThread.start(Liar::new)) {
      ThreadSample sample = LiveThreads.samplePlatform(List.of(liar.thread())).get(0);

      assertThat(sample.name()).isEqualTo("liar");
      assertThat(sample.id()).isEqualTo(LiveThreads.id(liar.thread()));
      assertThat(LiveThreads.JVM.list().threads()).contains(LiveThread.of(liar.thread()));
    }
  }
}
