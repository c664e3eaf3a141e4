package dev.leakverifier.thread;

import static com.google.common.truth.Truth.assertThat;

import com.google.common.io.MoreFiles;
import java.io.IOException;
import java.io.OutputStream;
import java.net.MalformedURLException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import org.testng.annotations.AfterMethod;
import org.testng.annotations.BeforeMethod;
import org.testng.annotations.Test;

/** Folders and jars as builds and IDEs lay them out. */
public class ClassPlaceTest {
  private static final String FILE = "com/acme/Core.class";

  private Path build = Path.of("");

  @BeforeMethod
  public void makeBuild() throws IOException {
    build = Files.createTempDirectory("build with blanks ");
  }

  @AfterMethod
  public void deleteBuild() throws IOException {
    MoreFiles.deleteRecursively(build);
  }

  @Test
  public void aFolderIsTheBuilds() throws IOException {
    for (String folder :
        new String[] {
          "target/classes", "build/classes/kotlin/test", "out/production/core", "bin"
        }) {
      assertThat(isMadeByBuild(build.resolve(folder).resolve(FILE).toUri())).isTrue();
    }
  }

  @Test
  public void aJarOfTheRepositoryIsALibrarys() throws IOException {
    Path jar = jar("m2/repository/com/acme/core/1.0/core-1.0.jar");
    note(jar, "core-1.0.jar>central=");

    assertThat(isMadeByBuild(inJar(jar))).isFalse();
  }

  @Test
  public void aJarThatABuildHasInstalledHereIsTheBuilds() throws IOException {
    Path jar = jar("m2/repository/com/acme/core/1.0/core-1.0.jar");
    note(jar, "core-1.0.pom>=\ncore-1.0.jar>=");

    assertThat(isMadeByBuild(inJar(jar))).isTrue();
  }

  @Test
  public void aModulesJarIsTheBuildsButForWhatIsShadedIn() throws IOException {
    Path maven = jar("core/target/core-1.0.jar");
    touch("core/target/classes/" + FILE);
    Path gradle = jar("shop/build/libs/shop.jar");
    touch("shop/build/classes/kotlin/main/" + FILE);

    assertThat(isMadeByBuild(inJar(maven))).isTrue();
    assertThat(isMadeByBuild(inJar(gradle))).isTrue();
    assertThat(isMadeByBuild(inJar(maven, "com/acme/shaded/org/lib/Lib.class"))).isFalse();
    assertThat(isMadeByBuild(inJar(gradle, "org/lib/Lib.class"))).isFalse();
  }

  @Test
  public void ofAnExecutableJarTheClassesAreTheBuilds() throws IOException {
    Path jar = jar("app/app.jar");

    assertThat(isMadeByBuild(URI.create("jar:" + jar.toUri() + "!/BOOT-INF/classes!/" + FILE)))
        .isTrue();
    assertThat(isMadeByBuild(URI.create("jar:" + jar.toUri() + "!/BOOT-INF/lib/a.jar!/" + FILE)))
        .isFalse();
  }

  private static boolean isMadeByBuild(URI classFile) throws MalformedURLException {
    String url = classFile.toString();
    String file = url.endsWith(FILE) ? FILE : url.substring(url.lastIndexOf("!/") + 2);
    return ClassPlace.of(classFile.toURL(), file).orElseThrow().isMadeByBuild();
  }

  private Path jar(String name) throws IOException {
    Path jar = build.resolve(name);
    MoreFiles.createParentDirectories(jar);
    try (OutputStream out = Files.newOutputStream(jar);
        JarOutputStream entries = new JarOutputStream(out)) {
      entries.putNextEntry(new JarEntry(FILE));
    }
    return jar;
  }

  private void touch(String name) throws IOException {
    MoreFiles.createParentDirectories(build.resolve(name));
    MoreFiles.touch(build.resolve(name));
  }

  private static void note(Path jar, String text) throws IOException {
    Files.writeString(jar.resolveSibling("_remote.repositories"), "#NOTE\n" + text + "\n");
  }

  private static URI inJar(Path jar) {
    return inJar(jar, FILE);
  }

  private static URI inJar(Path jar, String file) {
    return URI.create("jar:" + jar.toUri() + "!/" + file);
  }
}
