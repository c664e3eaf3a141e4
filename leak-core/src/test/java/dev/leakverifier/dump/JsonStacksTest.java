package dev.leakverifier.dump;

import static com.google.common.truth.Truth.assertThat;
import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.stream.Collectors.joining;
import static org.testng.Assert.expectThrows;

import com.google.common.collect.ImmutableList;
import dev.leakverifier.thread.StackFrames;
import dev.leakverifier.thread.ThreadSample;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.List;
import java.util.stream.IntStream;
import org.testng.annotations.Test;

public class JsonStacksTest {
  private static final String STACK = "[\"java.base\\/java.lang.Thread.run(Thread.java:9)\"]";

  @Test
  public void keepsOneOfEqualStacks() throws IOException {
    var stacks = stacks(STACK, STACK.replace("\\/", "/"), STACK.replace("[", "[ "), STACK);

    assertThat(stacks.get(0).get(0).toString())
        .isEqualTo("java.base/java.lang.Thread.run(Thread.java:9)");
    for (var stack : stacks) {
      assertThat(stack).isSameInstanceAs(stacks.get(0));
    }
  }

  @Test
  public void tellsStacksApartThatDifferInADigit() throws IOException {
    var stacks = stacks(STACK, STACK.replace('9', '8'), STACK);

    assertThat(stacks.get(1).get(0).getLineNumber()).isEqualTo(8);
    assertThat(stacks.get(2)).isSameInstanceAs(stacks.get(0));
  }

  @Test
  public void readsEscapedFrames() throws IOException {
    String frame = "[\"a\\u0062.C\\ud83d\\ude00.r\\u0075n(\\u00c4.java:1)\"]";
    var stacks = stacks(frame, frame, frame.replace("\\u00c4", "\u00c4"));

    assertThat(StackFrames.text(stacks.get(0).get(0)))
        .isEqualTo("ab.C\ud83d\ude00.run(\u00c4.java:1)");
    assertThat(stacks.get(2)).isSameInstanceAs(stacks.get(0));
  }

  @Test
  public void leavesHiddenFramesOut() throws IOException {
    String hidden = "[\"com.acme.Shop$$Lambda/0x00007f.run(Unknown Source)\"]";

    assertThat(stacks(hidden, "[]")).containsExactly(ImmutableList.of(), ImmutableList.of());
  }

  @Test
  public void refusesAFrameThatIsNoneAlsoAfterOneThatIs() {
    String broken = STACK.replace(")", "");
    for (int place = 0; place < 2; place++) {
      String[] stacks = {STACK, STACK, STACK};
      stacks[place] = broken;
      IOException error = expectThrows(IOException.class, () -> stacks(stacks));
      assertThat(error)
          .hasMessageThat()
          .startsWith("\"java.base/java.lang.Thread.run(Thread.java:9\" is not a frame, at byte ");
    }
  }

  private static List<List<StackTraceElement>> stacks(String... stacks) throws IOException {
    String threads =
        IntStream.range(0, stacks.length)
            .mapToObj(
                i -> "{\"tid\": %d, \"virtual\": true, \"stack\": %s}".formatted(i + 1, stacks[i]))
            .collect(joining(",\n"));
    String dump =
        "{\"threadDump\": {\"threadContainers\": [{\"container\": \"<root>\", \"threads\": [%s]}]}}"
            .formatted(threads);
    return JsonDump.virtualSamples(new ByteArrayInputStream(dump.getBytes(UTF_8)), id -> true)
        .stream()
        .map(ThreadSample::frames)
        .toList();
  }
}
