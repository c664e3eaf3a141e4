package dev.leakverifier.testing;

import static com.google.common.base.Preconditions.checkArgument;
import static com.google.common.collect.ImmutableList.toImmutableList;

import com.google.common.base.Splitter;
import com.google.common.collect.ImmutableList;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The class path of the tests, or one that is broken as a user's may be. */
public final class ClassPath {
  private final ImmutableList<String> entries;

  private ClassPath(ImmutableList<String> entries) {
    this.entries = entries;
  }

  public static ClassPath ofTests() {
    return new ClassPath(
        ImmutableList.copyOf(
            Splitter.on(File.pathSeparatorChar).split(System.getProperty("java.class.path"))));
  }

  /** Without the jars whose names begin so; there must be one. */
  public ClassPath without(String jar) {
    ImmutableList<String> left =
        entries.stream()
            .filter(entry -> !Path.of(entry).getFileName().toString().startsWith(jar))
            .collect(toImmutableList());
    checkArgument(left.size() < entries.size(), "%s is not on the class path", jar);
    return new ClassPath(left);
  }

  /** With a broken file, kept in {@code folder}, in front of that of a class, which must exist. */
  public ClassPath breaking(String className, Path folder) throws IOException {
    String file = className.replace('.', '/') + ".class";
    checkArgument(
        ClassPath.class.getClassLoader().getResource(file) != null, "no class %s", className);
    Path broken = folder.resolve(file);
    Files.createDirectories(broken.getParent());
    Files.createFile(broken);
    return new ClassPath(
        ImmutableList.<String>builder().add(folder.toString()).addAll(entries).build());
  }

  @Override
  public String toString() {
    return String.join(File.pathSeparator, entries);
  }
}
