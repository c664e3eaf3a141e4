package dev.leakverifier.jupiter;

import com.google.common.collect.ImmutableList;
import dev.leakverifier.testing.LeakPlan;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Tests that leak or not as {@link LeakPlan} says. */
final class ParallelSamples {
  static final ImmutableList<Class<?>> ALL =
      ImmutableList.of(
          A.class, B.class, C.class, D.class, E.class, F.class, G.class, H.class, I.class, J.class);

  private ParallelSamples() {}

  static class A extends Twenty {}

  static class B extends Twenty {}

  static class C extends Twenty {}

  static class D extends Twenty {}

  static class E extends Twenty {}

  static class F extends Twenty {}

  static class G extends Twenty {}

  static class H extends Twenty {}

  static class I extends Twenty {}

  static class J extends Twenty {}

  @ExtendWith(LeakVerifierExtension.class)
  abstract static class Twenty {
    private void run(String method) throws Exception {
      LeakPlan.run(getClass().getSimpleName() + "." + method);
    }

    @Test
    void m00() throws Exception {
      run("m00");
    }

    @Test
    void m01() throws Exception {
      run("m01");
    }

    @Test
    void m02() throws Exception {
      run("m02");
    }

    @Test
    void m03() throws Exception {
      run("m03");
    }

    @Test
    void m04() throws Exception {
      run("m04");
    }

    @Test
    void m05() throws Exception {
      run("m05");
    }

    @Test
    void m06() throws Exception {
      run("m06");
    }

    @Test
    void m07() throws Exception {
      run("m07");
    }

    @Test
    void m08() throws Exception {
      run("m08");
    }

    @Test
    void m09() throws Exception {
      run("m09");
    }

    @Test
    void m10() throws Exception {
      run("m10");
    }

    @Test
    void m11() throws Exception {
      run("m11");
    }

    @Test
    void m12() throws Exception {
      run("m12");
    }

    @Test
    void m13() throws Exception {
      run("m13");
    }

    @Test
    void m14() throws Exception {
      run("m14");
    }

    @Test
    void m15() throws Exception {
      run("m15");
    }

    @Test
    void m16() throws Exception {
      run("m16");
    }

    @Test
    void m17() throws Exception {
      run("m17");
    }

    @Test
    void m18() throws Exception {
      run("m18");
    }

    @Test
    void m19() throws Exception {
      run("m19");
    }
  }
}
