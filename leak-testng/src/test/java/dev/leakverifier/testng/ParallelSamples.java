package dev.leakverifier.testng;

import com.google.common.collect.ImmutableList;
import dev.leakverifier.testing.LeakPlan;
import java.util.stream.IntStream;
import org.testng.annotations.DataProvider;
import org.testng.annotations.Factory;
import org.testng.annotations.Test;

/** Tests that leak or not as {@link LeakPlan} says. */
final class ParallelSamples {
  static final ImmutableList<Class<?>> CLASSES =
      ImmutableList.of(
          A.class, B.class, C.class, D.class, E.class, F.class, G.class, H.class, I.class, J.class);

  private ParallelSamples() {}

  public static class Rows {
    static String name(int number) {
      return "Rows.row(" + number + ")";
    }

    @DataProvider(parallel = true)
    public Object[] numbers() {
      return IntStream.range(0, 200).boxed().toArray();
    }

    @Test(dataProvider = "numbers")
    public void row(int number) throws Exception {
      LeakPlan.run(name(number));
    }
  }

  public static class Instances extends Twenty {
    private final int number;

    public Instances(int number) {
      this.number = number;
    }

    @Factory
    public static Object[] all() {
      return IntStream.range(0, 10).mapToObj(Instances::new).toArray();
    }

    @Override
    String name(String method) {
      return "Instances[" + number + "]." + method;
    }
  }

  public static class A extends Twenty {}

  public static class B extends Twenty {}

  public static class C extends Twenty {}

  public static class D extends Twenty {}

  public static class E extends Twenty {}

  public static class F extends Twenty {}

  public static class G extends Twenty {}

  public static class H extends Twenty {}

  public static class I extends Twenty {}

  public static class J extends Twenty {}

  abstract static class Twenty {
    String name(String method) {
      return getClass().getSimpleName() + "." + method;
    }

    private void run(String method) throws Exception {
      LeakPlan.run(name(method));
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
