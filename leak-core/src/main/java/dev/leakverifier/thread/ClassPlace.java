package dev.leakverifier.thread;

import static java.util.stream.Collectors.toUnmodifiableSet;

import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Where the file of a class lies. Asked of the class loader that has loaded this library, as a
 * resource, so nothing is loaded or initialised.
 *
 * @param root the folder or the jar
 * @param isFolder whether it is a folder; also one within an executable jar
 * @param file the path of the class file in there
 */
record ClassPlace(Path root, boolean isFolder, String file) {
  /** A class of each module of ours. */
  private static final List<String> OUR_CLASSES =
      List.of(
          "dev.leakverifier.thread.ClassPlace",
          "dev.leakverifier.testng.LeakVerifierListener",
          "dev.leakverifier.junit4.LeakVerifierRule",
          "dev.leakverifier.jupiter.LeakVerifierExtension");

  private static final List<String> LANGUAGES = List.of("java", "kotlin", "groovy", "scala");

  /** The place of a class, or of the one around it if the class was made while the JVM ran. */
  static Optional<ClassPlace> of(String className) {
    String name = className.replaceFirst("/.*", ""); // of a hidden class
    while (true) {
      String file = name.replace('.', '/') + ".class";
      URL url = resource(file);
      int outer = name.lastIndexOf('$');
      if (url != null) {
        return of(url, file);
      }
      if (outer <= name.lastIndexOf('.') + 1) {
        return Optional.empty();
      }
      name = name.substring(0, outer);
    }
  }

  private static @Nullable URL resource(String file) {
    ClassLoader ours = ClassPlace.class.getClassLoader();
    URL url = ours == null ? null : ours.getResource(file);
    return url == null ? ClassLoader.getSystemResource(file) : url;
  }

  static Optional<ClassPlace> of(URL url, String file) {
    String text = url.toString();
    String place = text.substring(0, text.length() - file.length());
    try {
      if (place.startsWith("file:")) {
        return Optional.of(new ClassPlace(Path.of(new URI(place)), /* isFolder= */ true, file));
      }
      if (place.startsWith("jar:file:") && place.endsWith("!/")) {
        String jar = place.substring("jar:".length(), place.indexOf("!/"));
        boolean isFolder = place.endsWith("classes!/"); // BOOT-INF/classes, WEB-INF/classes
        return Optional.of(new ClassPlace(Path.of(new URI(jar)), isFolder, file));
      }
    } catch (URISyntaxException | IllegalArgumentException e) { // no file after all
      return Optional.empty();
    }
    return Optional.empty();
  }

  /** Whether it is in a module of ours. */
  boolean isOurs() {
    return file.startsWith("dev/leakverifier/") && Ours.ROOTS.contains(root);
  }

  /** Whether a build has compiled the class here: it lies in a folder, or was packed from one. */
  boolean isMadeByBuild() {
    return isFolder || isPackedFromFolder() || isInstalled();
  }

  /**
   * Whether the jar is what a build has packed, and the class is in the folder that it was packed
   * from: so it is none that was shaded in.
   */
  private boolean isPackedFromFolder() {
    Path folder = root.getParent();
    if (folder == null) {
      return false;
    }
    if (folder.endsWith("target")) {
      return Stream.of("classes", "test-classes").anyMatch(each -> isIn(folder.resolve(each)));
    }
    return folder.endsWith(Path.of("build", "libs"))
        && LANGUAGES.stream()
            .map(language -> folder.resolveSibling("classes").resolve(language))
            .anyMatch(each -> isIn(each.resolve("main")) || isIn(each.resolve("test")));
  }

  private boolean isIn(Path folder) {
    return Files.exists(folder.resolve(file));
  }

  /**
   * Whether the jar lies in a local repository to which a build on this machine has installed it,
   * as Maven notes beside it.
   */
  private boolean isInstalled() {
    try {
      String note =
          Files.readString(
              root.resolveSibling("_remote.repositories"), StandardCharsets.ISO_8859_1);
      return note.lines().anyMatch((root.getFileName() + ">=")::equals);
    } catch (IOException e) {
      return false;
    }
  }

  /** Apart, since it is looked for only where a name begins as ours do. */
  private static final class Ours {
    static final Set<Path> ROOTS = roots();

    private static Set<Path> roots() {
      return OUR_CLASSES.stream()
          .flatMap(name -> of(name).stream())
          .map(ClassPlace::root)
          .collect(toUnmodifiableSet());
    }
  }
}
