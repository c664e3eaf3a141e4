package dev.leakverifier.origin;

import static com.google.common.truth.Truth.assertThat;

import dev.leakverifier.jvm.LiveThreads;
import dev.leakverifier.testing.BlockedThread;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import jdk.jfr.Event;
import jdk.jfr.Name;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordingFile;
import org.testng.annotations.AfterMethod;
import org.testng.annotations.Test;

/** Beside recordings of the user's. */
public class FlightRecordingsTest {
  @Name("com.acme.Paid")
  static class Paid extends Event {}

  private final Recording users = new Recording();

  @AfterMethod
  public void closeUsers() {
    users.close();
  }

  @Test(priority = 1)
  public void neitherDisturbsARecordingOfTheUsersNorIsDisturbed() throws Exception {
    try (OriginRecorder.Session session = OriginRecorder.JVM.start()) {
      session.await();
      users.enable(Paid.class);
      users.start();
      for (int i = 0; i < 10; i++) {
        new Paid().commit();
        assertStarterIsKnown();
      }
      users.stop();
      assertStarterIsKnown();
    }
    assertThat(paidIn(users)).isEqualTo(10);
  }

  @Test(priority = 2, dependsOnMethods = "neitherDisturbsARecordingOfTheUsersNorIsDisturbed")
  public void endsWhereARecordingInMemoryWouldLoseItsData() throws Exception {
    try (Recording inMemory = new Recording();
        OriginRecorder.Session session = OriginRecorder.JVM.start()) {
      session.await();
      inMemory.setName("mine");
      inMemory.setToDisk(false);
      inMemory.enable(Paid.class);
      inMemory.start();
      for (int i = 0; i < 10; i++) {
        new Paid().commit();
        assertThat(OriginRecorder.JVM.originOf(Long.MAX_VALUE - i)).isEmpty();
      }
      assertThat(OriginRecorder.JVM.isOn()).isFalse();
      assertThat(OriginRecorder.JVM.whyUnknown())
          .isEqualTo(
              "who started them: the flight recording \"mine\" is kept in memory, and"
                  + " would lose its data (start it with disk=true)");
      assertThat(paidIn(inMemory)).isEqualTo(10);
    }
  }

  @Test(priority = 3)
  public void recordsAgainAfterwards() {
    try (OriginRecorder.Session session = OriginRecorder.JVM.start()) {
      session.await();
      assertThat(OriginRecorder.JVM.isOn()).isTrue();
      assertStarterIsKnown();
    }
    assertThat(OriginRecorder.JVM.isOn()).isFalse();
  }

  private static void assertStarterIsKnown() {
    try (BlockedThread blocked = BlockedThread.start("blocked")) {
      assertThat(OriginRecorder.JVM.originOf(LiveThreads.id(blocked.thread()))).isPresent();
    }
  }

  private static long paidIn(Recording recording) throws IOException {
    Path file = Files.createTempFile("users", ".jfr");
    try {
      recording.dump(file);
      return RecordingFile.readAllEvents(file).stream()
          .filter(event -> event.getEventType().getName().equals("com.acme.Paid"))
          .count();
    } finally {
      Files.delete(file);
    }
  }
}
