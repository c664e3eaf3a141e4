package dev.leakverifier;

import static com.google.common.collect.ImmutableSet.toImmutableSet;
import static com.google.common.collect.ImmutableSortedSet.toImmutableSortedSet;
import static com.google.common.truth.Truth.assertThat;
import static java.util.Comparator.naturalOrder;

import com.google.common.collect.ImmutableSet;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.module.ModuleDescriptor;
import java.lang.reflect.Executable;
import java.lang.reflect.Field;
import java.lang.reflect.Member;
import java.lang.reflect.Modifier;
import java.lang.reflect.Type;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.testng.annotations.Test;

/** What users can see of the module: the public types of the packages that it exports. */
public class PublicApiTest {
  private static final Pattern FULL_NAME = Pattern.compile("[a-z]\\w*(?:\\.[\\w$]+)+");

  private final Path classes = classes();
  private final ImmutableSet<String> exported = exportedPackages();

  @Test
  public void showsOnlyTypesOfTheJdkAndOfExportedPackages() throws Exception {
    List<Class<?>> types =
        exported.stream().flatMap(this::typesIn).filter(PublicApiTest::isVisible).toList();

    assertThat(types).contains(LeakVerifier.class);
    assertThat(
            types.stream()
                .flatMap(PublicApiTest::signatures)
                .flatMap(text -> FULL_NAME.matcher(text).results().map(MatchResult::group))
                .filter(name -> !name.startsWith("java.") && !isExported(name))
                .collect(toImmutableSortedSet(naturalOrder())))
        .containsExactly(
            "com.sun.net.httpserver.HttpExchange", "com.sun.net.httpserver.HttpHandler");
  }

  private boolean isExported(String name) {
    return exported.stream()
        .anyMatch(
            source ->
                name.startsWith(source + ".")
                    && Character.isUpperCase(name.charAt(source.length() + 1)));
  }

  private static Path classes() {
    try {
      return Path.of(
          LeakVerifier.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    } catch (URISyntaxException e) {
      throw new AssertionError(e);
    }
  }

  private ImmutableSet<String> exportedPackages() {
    try (InputStream in = Files.newInputStream(classes.resolve("module-info.class"))) {
      return ModuleDescriptor.read(in).exports().stream()
          .map(ModuleDescriptor.Exports::source)
          .collect(toImmutableSet());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Stream<Class<?>> typesIn(String source) {
    try (Stream<Path> files = Files.list(classes.resolve(source.replace('.', '/')))) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> name.endsWith(".class") && !name.startsWith("package-info"))
          .toList()
          .stream()
          .map(name -> type(source + "." + name.substring(0, name.length() - 6)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Class<?> type(String name) {
    try {
      return Class.forName(name, false, PublicApiTest.class.getClassLoader());
    } catch (ClassNotFoundException e) {
      throw new AssertionError(e);
    }
  }

  private static boolean isVisible(Class<?> type) {
    return isVisible(type.getModifiers())
        && (type.getEnclosingClass() == null || isVisible(type.getEnclosingClass()));
  }

  private static boolean isVisible(int modifiers) {
    return Modifier.isPublic(modifiers) || Modifier.isProtected(modifiers);
  }

  /** Of the type and its visible members, with all names in full. */
  private static Stream<String> signatures(Class<?> type) {
    Stream<Type> supertypes =
        Stream.concat(
            Stream.of(type.getGenericInterfaces()), Stream.ofNullable(type.getGenericSuperclass()));
    Stream<Member> members =
        Stream.of(
                type.getDeclaredConstructors(), type.getDeclaredMethods(), type.getDeclaredFields())
            .flatMap(Stream::of);
    return Stream.concat(
        Stream.concat(Stream.of(type.toGenericString()), supertypes.map(Type::getTypeName)),
        members.filter(member -> isVisible(member.getModifiers())).map(PublicApiTest::signature));
  }

  private static String signature(Member member) {
    return member instanceof Executable executable
        ? executable.toGenericString()
        : ((Field) member).toGenericString();
  }
}
