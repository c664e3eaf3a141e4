package dev.leakverifier.profile;

import static com.google.common.collect.ImmutableMap.toImmutableMap;
import static com.google.common.truth.Truth.assertThat;

import com.google.common.collect.ImmutableMap;
import com.google.protobuf.Descriptors.DescriptorValidationException;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.DynamicMessage;
import com.google.protobuf.Message;
import dev.leakverifier.thread.Samples;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.GZIPInputStream;
import org.testng.SkipException;
import org.testng.annotations.Test;

/** Reads the pprof form with a decoder that is not ours, and with Go's tool. */
public class PprofTest {
  @Test
  public void isReadByAnotherDecoder() throws IOException, DescriptorValidationException {
    Decoded shop = new Decoded(Profiles.shop());

    shop.assertKnowsAllFields(shop.profile);
    assertThat(shop.texts("string_table").get(0)).isEmpty();
    assertThat(shop.texts("string_table")).containsNoDuplicates();
    assertThat(shop.valueType(shop.messages(shop.profile, "sample_type").get(0)))
        .isEqualTo("threads/count");
    assertThat(shop.valueType((Message) shop.get(shop.profile, "period_type")))
        .isEqualTo("threads/count");
    assertThat(shop.text(shop.profile, "default_sample_type")).isEqualTo("threads");
    assertThat(shop.get(shop.profile, "time_nanos")).isEqualTo(1_767_355_230_007_000_000L);
    assertThat(shop.get(shop.profile, "duration_nanos")).isEqualTo(0L);
    assertThat(shop.samples())
        .containsExactly(
            "3 jdk.internal.misc.Unsafe.park(jdk/internal/misc/Unsafe.java:0)"
                + " java.util.concurrent.CountDownLatch.await"
                + "(java/util/concurrent/CountDownLatch.java:230)"
                + " com.acme.Orders.await(com/acme/Orders.java:31)"
                + " com.acme.Orders$1.run(com/acme/Orders.java:18)"
                + " java.lang.Thread.run(java/lang/Thread.java:840)",
            "1 jdk.internal.misc.Unsafe.park(jdk/internal/misc/Unsafe.java:0)"
                + " java.util.concurrent.CountDownLatch.await"
                + "(java/util/concurrent/CountDownLatch.java:230)"
                + " com.acme.Orders.await(com/acme/Orders.java:32)"
                + " com.acme.Orders$1.run(com/acme/Orders.java:18)"
                + " java.lang.Thread.run(java/lang/Thread.java:840)",
            "1 jdk.internal.misc.Unsafe.park(jdk/internal/misc/Unsafe.java:0)"
                + " java.util.concurrent.CountDownLatch.await"
                + "(java/util/concurrent/CountDownLatch.java:230)"
                + " com.acme.Orders.await(com/acme/Orders.java:31)"
                + " com.acme.Orders$1.run(com/acme/Orders.java:18)"
                + " java.lang.Thread.run(java/lang/Thread.java:840)",
            "2 jdk.internal.misc.Unsafe.park(jdk/internal/misc/Unsafe.java:0)"
                + " java.util.concurrent.LinkedBlockingQueue.take"
                + "(java/util/concurrent/LinkedBlockingQueue.java:435)"
                + " java.util.concurrent.ThreadPoolExecutor.getTask"
                + "(java/util/concurrent/ThreadPoolExecutor.java:1062)"
                + " java.lang.Thread.run(java/lang/Thread.java:840)",
            "1 com.acme.Prices.follow(com/acme/Prices.java:7)"
                + " java.lang.VirtualThread.run(java/lang/VirtualThread.java:309)",
            "1 java.lang.Object.wait(java/lang/Object.java:0)",
            "1 sun.nio.ch.Poller.subPollerLoop(sun/nio/ch/Poller.java:218)"
                + " java.lang.VirtualThread.run(java/lang/VirtualThread.java:309)");
    assertThat(shop.comments())
        .containsExactly("not seen: virtual threads that belong to no executor");
  }

  @Test
  public void labelsWhatItShows() throws IOException, DescriptorValidationException {
    Decoded shop = new Decoded(Profiles.shop());
    List<ImmutableMap<String, String>> labels =
        shop.messages(shop.profile, "sample").stream().map(shop::labels).toList();
    String fingerprint = Profiles.shop().groups().get(0).fingerprint().toString();

    assertThat(labels)
        .contains(
            ImmutableMap.of(
                "name", "order-*",
                "state", "RUNNABLE",
                "virtual", "false",
                "kind", "WAITS_IN_VAIN",
                "fingerprint", fingerprint));
    assertThat(labels.stream().filter(each -> "true".equals(each.get("virtual"))).toList())
        .hasSize(2);
    assertThat(labels.stream().filter(each -> "(no name)".equals(each.get("name"))).toList())
        .hasSize(1);
    assertThat(labels.stream().filter(each -> "true".equals(each.get("jvm"))).toList()).hasSize(1);
    assertThat(
            labels.stream()
                .filter(each -> "com.acme.Refunds.start".equals(each.get("started_by")))
                .toList())
        .hasSize(1);
  }

  @Test
  public void writesADifferenceWithItsTimeAndBelowZero()
      throws IOException, DescriptorValidationException {
    ThreadProfile before = Profiles.of(Profiles.NOON, Profiles.orders(1));
    ThreadProfile after =
        Profiles.of(Profiles.NOON.plusSeconds(30), List.of(Profiles.price(7), Profiles.price(8)));
    Decoded growth = new Decoded(after.minus(before));

    assertThat(growth.get(growth.profile, "duration_nanos")).isEqualTo(30_000_000_000L);
    assertThat(growth.samples().stream().map(sample -> sample.replaceAll(" .*", "")).toList())
        .containsExactly("2", "-1");
  }

  @Test
  public void showsThreadsWithoutStackOrFileAndNamesOfAllKinds()
      throws IOException, DescriptorValidationException {
    Decoded odd =
        new Decoded(
            Profiles.of(
                Profiles.NOON,
                List.of(
                    Samples.of("\u00dcber\ud800", Thread.State.RUNNABLE),
                    Samples.virtual(7, "v", "", Thread.State.RUNNABLE, "Main.main:3"))));

    assertThat(odd.samples()).containsExactly("1 (no Java stack)(:0)", "1 Main.main(Main.java:3)");
    assertThat(odd.texts("string_table")).contains("\u00dcber?");
  }

  @Test
  public void leavesTheStreamOpen() throws IOException {
    boolean[] closed = new boolean[1];
    ByteArrayOutputStream out =
        new ByteArrayOutputStream() {
          @Override
          public void close() {
            closed[0] = true;
          }
        };
    Profiles.shop().writePprof(out);

    assertThat(closed[0]).isFalse();
  }

  @Test
  public void isReadByGo() throws IOException, InterruptedException {
    Path file = Files.createTempFile("threads", ".pb.gz");
    try {
      try (var out = Files.newOutputStream(file)) {
        Profiles.shop().writePprof(out);
      }
      assertThat(go("-top", file))
          .containsMatch("(?s)Type: threads.*Showing nodes accounting for 10, 100% of 10 total");
      assertThat(go("-top", file)).containsMatch("0 +0% +100% +5 50.00% +com.acme.Orders.await\n");
      assertThat(go("-tags", file)).containsMatch("(?s)name: Total.*5.0 .*: order-\\*");
      assertThat(go("-traces", file)).contains("com.acme.Prices.follow");
      assertThat(go("-lines", "-top", file))
          .contains("com.acme.Orders.await com/acme/Orders.java:32");
    } finally {
      Files.delete(file);
    }
  }

  private static String go(Object... arguments) throws IOException, InterruptedException {
    ProcessBuilder builder = new ProcessBuilder("go", "tool", "pprof");
    for (Object argument : arguments) {
      builder.command().add(argument.toString());
    }
    Process process;
    try {
      process = builder.redirectErrorStream(true).start();
    } catch (IOException e) {
      throw new SkipException("Go is not installed here, so go tool pprof was not tried", e);
    }
    process.getOutputStream().close();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).isEqualTo(0);
    return output;
  }

  /** A profile as the library for protocol buffers reads it. */
  private static final class Decoded {
    final Message profile;

    Decoded(ThreadProfile written) throws IOException, DescriptorValidationException {
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      written.writePprof(out);
      try (var in = new GZIPInputStream(new ByteArrayInputStream(out.toByteArray()))) {
        profile = DynamicMessage.parseFrom(PprofSchema.profile(), in);
      }
    }

    Object get(Message message, String field) {
      return message.getField(message.getDescriptorForType().findFieldByName(field));
    }

    List<Message> messages(Message message, String field) {
      return ((List<?>) get(message, field)).stream().map(Message.class::cast).toList();
    }

    List<String> texts(String field) {
      return ((List<?>) get(profile, field)).stream().map(String.class::cast).toList();
    }

    String text(Message message, String field) {
      return texts("string_table").get(((Long) get(message, field)).intValue());
    }

    List<String> comments() {
      return ((List<?>) get(profile, "comment"))
          .stream().map(index -> texts("string_table").get(((Long) index).intValue())).toList();
    }

    String valueType(Message message) {
      return text(message, "type") + "/" + text(message, "unit");
    }

    ImmutableMap<String, String> labels(Message sample) {
      return messages(sample, "label").stream()
          .collect(toImmutableMap(label -> text(label, "key"), label -> text(label, "str")));
    }

    /** The count of each sample, and its stack from the top on. */
    List<String> samples() {
      return messages(profile, "sample").stream().map(this::sample).toList();
    }

    private String sample(Message sample) {
      StringBuilder text = new StringBuilder();
      List<?> values = (List<?>) get(sample, "value");
      assertThat(values).hasSize(1);
      text.append(values.get(0));
      for (Object location : (List<?>) get(sample, "location_id")) {
        Message line = messages(byId("location", location), "line").get(0);
        Message function = byId("function", get(line, "function_id"));
        assertThat(text(function, "system_name")).isEqualTo(text(function, "name"));
        text.append(" ")
            .append(text(function, "name"))
            .append("(")
            .append(text(function, "filename"))
            .append(":")
            .append(get(line, "line"))
            .append(")");
      }
      return text.toString();
    }

    private Message byId(String field, Object id) {
      List<Message> found =
          messages(profile, field).stream()
              .filter(message -> get(message, "id").equals(id))
              .toList();
      assertThat(found).hasSize(1);
      return found.get(0);
    }

    void assertKnowsAllFields(Message message) {
      assertThat(message.getUnknownFields().asMap()).isEmpty();
      for (FieldDescriptor field : message.getAllFields().keySet()) {
        if (field.getJavaType() == FieldDescriptor.JavaType.MESSAGE && field.isRepeated()) {
          messages(message, field.getName()).forEach(this::assertKnowsAllFields);
        }
      }
    }
  }
}
