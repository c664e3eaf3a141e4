package dev.leakverifier.junit4;

import com.google.common.collect.ImmutableList;
import dev.leakverifier.LeakVerifier;
import dev.leakverifier.testing.LeakPlan;
import java.time.Duration;
import org.junit.Rule;
import org.junit.Test;

/** Tests that leak or not as {@link LeakPlan} says. */
final class ParallelSamples {
  static final ImmutableList<Class<?>> WITH_RULE =
      ImmutableList.of(
          A.class, B.class, C.class, D.class, E.class, F.class, G.class, H.class, I.class, J.class);

  static final ImmutableList<Class<?>> PLAIN =
      ImmutableList.of(
          K.class, L.class, M.class, N.class, O.class, P.class, Q.class, R.class, S.class, T.class);

  private ParallelSamples() {}

  public static class A extends WithRule {}

  public static class B extends WithRule {}

  public static class C extends WithRule {}

  public static class D extends WithRule {}

  public static class E extends WithRule {}

  public static class F extends WithRule {}

  public static class G extends WithRule {}

  public static class H extends WithRule {}

  public static class I extends WithRule {}

  public static class J extends WithRule {}

  public static class K extends Twenty {}

  public static class L extends Twenty {}

  public static class M extends Twenty {}

  public static class N extends Twenty {}

  public static class O extends Twenty {}

  public static class P extends Twenty {}

  public static class Q extends Twenty {}

  public static class R extends Twenty {}

  public static class S extends Twenty {}

  public static class T extends Twenty {}

  abstract static class WithRule extends Twenty {
    @Rule
    public final LeakVerifierRule leaks =
        LeakVerifierRule.verifyNone(LeakVerifier.maxWait(Duration.ofMillis(200)));
  }

  abstract static class Twenty {
    private void run(String method) throws Exception {
      LeakPlan.run(getClass().getSimpleName() + "." + method);
    }

    @Test
    public void m00() throws Exception {
      run("m00");
    }

    @Test
    public void m01() throws Exception {
      run("m01");
    }

    @Test
    public void m02() throws Exception {
      run("m02");
    }

    @Test
    public void m03() throws Exception {
      run("m03");
    }

    @Test
    public void m04() throws Exception {
      run("m04");
    }

    @Test
    public void m05() throws Exception {
      run("m05");
    }

    @Test
    public void m06() throws Exception {
      run("m06");
    }

    @Test
    public void m07() throws Exception {
      run("m07");
    }

    @Test
    public void m08() throws Exception {
      run("m08");
    }

    @Test
    public void m09() throws Exception {
      run("m09");
    }

    @Test
    public void m10() throws Exception {
      run("m10");
    }

    @Test
    public void m11() throws Exception {
      run("m11");
    }

    @Test
    public void m12() throws Exception {
      run("m12");
    }

    @Test
    public void m13() throws Exception {
      run("m13");
    }

    @Test
    public void m14() throws Exception {
      run("m14");
    }

    @Test
    public void m15() throws Exception {
      run("m15");
    }

    @Test
    public void m16() throws Exception {
      run("m16");
    }

    @Test
    public void m17() throws Exception {
      run("m17");
    }

    @Test
    public void m18() throws Exception {
      run("m18");
    }

    @Test
    public void m19() throws Exception {
      run("m19");
    }
  }
}
