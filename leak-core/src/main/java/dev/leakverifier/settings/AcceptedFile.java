package dev.leakverifier.settings;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.nio.file.StandardOpenOption.APPEND;
import static java.nio.file.StandardOpenOption.CREATE;
import static java.util.Objects.requireNonNull;
import static java.util.stream.Collectors.joining;

import dev.leakverifier.diagnosis.Fingerprint;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A file of accepted leaks: a line has a fingerprint, the test class that may have this leak, and
 * then what it is, for readers.
 *
 * <p>Several threads and JVMs may write at the same time: each appends its lines at once, so none
 * is lost; a leak may then stand there twice, and is read once. What people have written stays as
 * it is.
 */
final class AcceptedFile {
  private static final String HEADER =
      """
      # Leaks that LeakVerifier accepts (leak.accepted): they are listed, and fail nothing.
      # A line holds for the test class that it names; "in *" holds for all. The rest is for readers.
      # Delete a line once its leak is fixed. leak.acceptCurrent=true adds the leaks of a run.

      """;

  private static final Pattern FIRST_WORD = Pattern.compile("\\s*(\\S+)");

  /** What another JVM has written of a fingerprint, if it is just about to append one. */
  private static final Pattern BEGUN = Pattern.compile("\\p{XDigit}{1,12}(-\\p{XDigit}{0,3})?");

  private final Path path;

  /** The file {@code path}, which is absolute. */
  AcceptedFile(Path path) {
    this.path = path;
  }

  /** One accepted leak; {@code text} is its line. */
  record Entry(Fingerprint fingerprint, AcceptedScope scope, String text) {
    static Entry of(Fingerprint fingerprint, AcceptedScope scope, String description) {
      return new Entry(
          fingerprint, scope, fingerprint + " in " + scope.className() + ": " + description);
    }

    /** Whether one of these leaks, left by one of these classes, is the accepted one. */
    boolean accepts(Set<Fingerprint> leaks, Set<String> classes) {
      return scope.holdsFor(classes)
          && leaks.stream()
              .anyMatch(scope.isAnywhere() ? fingerprint::isAlike : fingerprint::matches);
    }

    /** Whether it accepts all that {@code other} does, as far as can be told. */
    private boolean covers(Entry other) {
      return accepts(Set.of(other.fingerprint), Set.of(other.scope.className()));
    }

    @Override
    public String toString() {
      return text;
    }
  }

  /**
   * What is accepted, each leak once.
   *
   * @throws NoSuchFileException if the file is not there
   * @throws IllegalArgumentException if a line is neither an accepted leak, nor a comment, nor
   *     blank
   */
  List<Entry> read() throws IOException {
    Map<Object, Entry> once = new LinkedHashMap<>();
    uninterrupted(() -> entries(text()))
        .forEach(each -> once.putIfAbsent(List.of(each.fingerprint(), each.scope()), each));
    return List.copyOf(once.values());
  }

  /**
   * Adds those of {@code entries} that are not there yet; makes the file, and its folder, if there
   * is none.
   *
   * @return what was added
   */
  List<Entry> add(List<Entry> entries) throws IOException {
    return uninterrupted(
        () -> {
          String before = Files.exists(path) ? text() : "";
          List<Entry> fresh = notIn(entries(before), entries);
          if (!fresh.isEmpty()) {
            append(before, fresh);
          }
          return fresh;
        });
  }

  private String text() throws IOException {
    if (Files.exists(path) && !Files.isRegularFile(path)) {
      throw new IllegalArgumentException(
          "%s must be a file, but is %s" // a device may have no end
              .formatted(path, Files.isDirectory(path) ? "a directory" : "not one"));
    }
    String text = Files.readString(path, UTF_8);
    return text.startsWith("\uFEFF") ? text.substring(1) : text;
  }

  private List<Entry> entries(String text) {
    List<Entry> entries = new ArrayList<>();
    List<String> lines = text.lines().map(String::strip).toList();
    for (int i = 0; i < lines.size(); i++) {
      String line = lines.get(i);
      Matcher word = FIRST_WORD.matcher(line);
      if (!word.lookingAt() || line.startsWith("#")) {
        continue;
      }
      Optional<Fingerprint> fingerprint = Fingerprint.parse(word.group(1));
      if (fingerprint.isPresent()) {
        AcceptedScope scope = AcceptedScope.parse(line.substring(word.end()));
        entries.add(new Entry(fingerprint.get(), scope, line));
      } else if (i < lines.size() - 1 || isEnded(text) || !BEGUN.matcher(line).matches()) {
        throw new IllegalArgumentException(
            "%s, line %d: \"%s\" must begin with a fingerprint such as 9f86d081884c-7d65, or with #"
                .formatted(path, i + 1, line));
      }
    }
    return entries;
  }

  private static List<Entry> notIn(List<Entry> before, List<Entry> entries) {
    List<Entry> known = new ArrayList<>(before);
    List<Entry> fresh = new ArrayList<>();
    for (Entry entry : entries) {
      if (known.stream().noneMatch(each -> each.covers(entry))) {
        known.add(entry);
        fresh.add(entry);
      }
    }
    return fresh;
  }

  private void append(String before, List<Entry> fresh) throws IOException {
    String lines = fresh.stream().map(entry -> entry.text() + "\n").collect(joining());
    String more = before.isEmpty() ? HEADER + lines : (isEnded(before) ? "" : "\n") + lines;
    ByteBuffer bytes = UTF_8.encode(before.contains("\r\n") ? more.replace("\n", "\r\n") : more);
    Files.createDirectories(requireNonNull(path.getParent()));
    try (FileChannel file = FileChannel.open(path, CREATE, APPEND)) {
      while (bytes.hasRemaining()) {
        file.write(bytes); // all at once, unless the disk is full
      }
    }
  }

  private static boolean isEnded(String text) {
    return text.isEmpty() || text.endsWith("\n") || text.endsWith("\r");
  }

  private interface Access<T> {
    T run() throws IOException;
  }

  /** An interrupt that a test has left behind would close the file; it is restored. */
  private static <T> T uninterrupted(Access<T> access) throws IOException {
    boolean interrupted = Thread.interrupted();
    try {
      return access.run();
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  @Override
  public String toString() {
    return path.toString();
  }
}
