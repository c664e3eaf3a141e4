package dev.leakverifier;

import static com.google.common.truth.Truth.assertThat;
import static org.testng.Assert.expectThrows;

import java.util.List;
import java.util.Optional;
import org.testng.annotations.Test;

public class LeakAnnotationsTest {
  @IgnoreLeaks(name = "base-*", reason = "shared by all tests")
  static class Base {
    @IgnoreLeaks(topFunction = "a.B.c")
    void test() {}
  }

  @IgnoreLeaks(anyFunction = {"d.E.f", "g.H.i"})
  static class Derived extends Base {
    @Override
    @IgnoreLeaks(name = "own")
    void test() {}

    @IgnoreLeaks(reason = "leaks on purpose")
    void unchecked() {}

    @IgnoreLeaks(topFunction = "run")
    void bad() {}

    @IgnoreLeaks(createdBy = "com/acme/Poller.poll")
    void path() {}
  }

  @IgnoreLeaks
  static class Unchecked extends Base {
    @Override
    void test() {}
  }

  @Test
  public void addsUpOverMethodClassAndWhatTheyOverride() {
    assertThat(options(Derived.class, "test"))
        .containsExactly(
            "ignoreAnyFunction(\"d.E.f\")",
            "ignoreAnyFunction(\"g.H.i\")",
            "ignoreName(\"own\")",
            "ignoreName(\"base-*\")",
            "ignoreTopFunction(\"a.B.c\")");
  }

  @Test
  public void givesAMethodWithoutAnnotationThoseOfItsClass() {
    assertThat(options(Base.class, "test"))
        .containsExactly("ignoreName(\"base-*\")", "ignoreTopFunction(\"a.B.c\")");
    assertThat(LeakAnnotations.optionsFor(Base.class, null).orElseThrow()).hasSize(1);
  }

  @Test
  public void switchesTheCheckOffWhereItHasNoFilter() {
    assertThat(LeakAnnotations.optionsFor(Unchecked.class, null)).isEqualTo(Optional.empty());
    assertThat(find(Unchecked.class, "test")).isEqualTo(Optional.empty());
    assertThat(find(Derived.class, "unchecked")).isEqualTo(Optional.empty());
  }

  @Test
  public void saysWhereABadValueStands() {
    IllegalArgumentException error =
        expectThrows(IllegalArgumentException.class, () -> find(Derived.class, "bad"));
    assertThat(error).hasMessageThat().startsWith("@IgnoreLeaks on void dev.leakverifier.Leak");
    assertThat(error).hasMessageThat().contains("Derived.bad(): function (\"run\") must be");
  }

  @Test
  public void saysHowAFunctionThatIsWrittenAsAPathIsWritten() {
    IllegalArgumentException error =
        expectThrows(IllegalArgumentException.class, () -> find(Derived.class, "path"));
    assertThat(error)
        .hasMessageThat()
        .endsWith(
            "Derived.path(): function (\"com/acme/Poller.poll\") must be Class.getName() + \".\" +"
                + " method, e.g. com.acme.Poller.poll");
  }

  private static List<String> options(Class<?> type, String method) {
    return find(type, method).orElseThrow().stream().map(LeakOption::toString).toList();
  }

  private static Optional<List<LeakOption>> find(Class<?> type, String method) {
    try {
      return LeakAnnotations.optionsFor(type, type.getDeclaredMethod(method));
    } catch (NoSuchMethodException e) {
      throw new AssertionError(e);
    }
  }
}
