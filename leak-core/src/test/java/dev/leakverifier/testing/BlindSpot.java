package dev.leakverifier.testing;

import static com.google.common.truth.Truth.assertThat;
import static com.google.common.truth.Truth.assertWithMessage;

import com.google.common.collect.ImmutableList;
import java.io.IOException;
import java.util.List;
import jdk.jfr.Recording;

/**
 * What a JVM cannot tell: a clean verdict must say so where people see it, with a provider of SLF4J
 * and without, and once; and a failing one in its text.
 *
 * <p>A program calls {@link #make} with its argument, makes clean checks, for each of which it
 * prints {@link #CLEAN}, and prints the text of a failing one.
 */
public enum BlindSpot {
  VIRTUAL_THREADS(
      ImmutableList.of("-Djava.io.tmpdir=/nowhere/at/all", "-Dleak.origins=false"),
      "Not seen: virtual threads: no "
          + ThreadForm.dump()
          + " could be read"
          + " (java.nio.file.NoSuchFileException in /nowhere/at/all)",
      "not seen: virtual threads: no "
          + ThreadForm.dump()
          + " could be read"
          + " (java.nio.file.NoSuchFileException in /nowhere/at/all)"),
  STARTERS(
      ImmutableList.of(),
      "who starts threads cannot be recorded: the flight recording \"user's\" is kept in memory,"
          + " and would lose its data (start it with disk=true)",
      "not seen: who started them: the flight recording \"user's\" is kept in memory, and would"
          + " lose its data (start it with disk=true)");

  /** Tells that a check was clean. */
  public static final String CLEAN = "clean\n";

  private static final ImmutableList<String> LOOK_ONCE =
      ImmutableList.of("-Dleak.maxWait=0s", "-Dleak.report=never");

  private final ImmutableList<String> options;
  private final String logged;
  private final String line;

  BlindSpot(ImmutableList<String> options, String logged, String line) {
    this.options = options;
    this.logged = logged;
    this.line = line;
  }

  /** Those that a JVM of this version can have. */
  public static BlindSpot[] ofThisJdk() {
    return ThreadForm.VIRTUAL.isThere() ? values() : new BlindSpot[] {STARTERS};
  }

  /** Makes this JVM blind in the way that the first argument names. */
  public static void make(String[] arguments) {
    switch (valueOf(arguments[0])) {
      case VIRTUAL_THREADS -> ThreadForm.VIRTUAL.startBlocked("unseen");
      case STARTERS -> {
        Recording users = new Recording();
        users.setName("user's");
        users.setToDisk(false);
        users.start();
      }
    }
  }

  /** Runs a program that makes two clean checks and a failing one. */
  public void assertIsSaidOnce(Class<?> main) throws IOException, InterruptedException {
    assertIsSaidOnce(run(ClassPath.ofTests(), main), "WARN ");
    assertIsSaidOnce(run(ClassPath.ofTests().without("slf4j-simple"), main), "WARNING: ");
  }

  private ForkedJvm.Ended run(ClassPath classPath, Class<?> main)
      throws IOException, InterruptedException {
    return ForkedJvm.run(
        classPath,
        ImmutableList.<String>builder().addAll(LOOK_ONCE).addAll(options).build(),
        main,
        name());
  }

  private void assertIsSaidOnce(ForkedJvm.Ended jvm, String level) {
    assertWithMessage(jvm.err()).that(jvm.out()).startsWith(CLEAN + CLEAN + "1 thread leaked");
    assertThat(linesThatEndWith(line, jvm.out())).containsExactly(line);
    List<String> warnings = linesThatEndWith(logged, jvm.err());
    assertWithMessage(jvm.err()).that(warnings).hasSize(1);
    assertThat(warnings.get(0)).contains(level);
  }

  private static List<String> linesThatEndWith(String end, String text) {
    return text.lines().filter(line -> line.endsWith(end)).toList();
  }
}
