package dev.leakverifier.settings;

import static java.util.stream.Collectors.joining;

import dev.leakverifier.check.Accepted;
import dev.leakverifier.diagnosis.Fingerprint;
import dev.leakverifier.diagnosis.LeakGroup;
import dev.leakverifier.host.AtExit;
import dev.leakverifier.host.Guard;
import dev.leakverifier.host.Log;
import dev.leakverifier.report.GroupText;
import dev.leakverifier.settings.AcceptedFile.Entry;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/**
 * The leaks that a file accepts ({@code leak.accepted}), and which of them have occurred in this
 * JVM.
 *
 * <p>The file is read for each leak, and not for a clean check. Thread-safe.
 */
public final class AcceptedLeaks {
  private static final Log LOG = Log.of(AcceptedLeaks.class);

  /** One for each file, since a run may have a watch for each test. */
  private static final ConcurrentMap<Path, AcceptedLeaks> BY_FILE = new ConcurrentHashMap<>();

  private final AcceptedFile file;
  private final Set<Entry> occurred = ConcurrentHashMap.newKeySet();
  private volatile boolean endWasSeen;

  private AcceptedLeaks(AcceptedFile file) {
    this.file = file;
  }

  /** Those of {@code file}; a relative one lies in the working directory. */
  public static AcceptedLeaks in(Path file) {
    return BY_FILE.computeIfAbsent(
        file.toAbsolutePath().normalize(),
        path -> {
          AcceptedLeaks leaks = new AcceptedLeaks(new AcceptedFile(path));
          // A rule does not know which test is the last.
          AtExit.run("leakverifier-accepted-leaks", leaks::endOfJvm);
          return leaks;
        });
  }

  /**
   * Refuses a file that cannot be used.
   *
   * @param current whether it is to be written, and so may be missing
   * @throws IllegalArgumentException that says why
   */
  void check(boolean current) {
    Guard.run("what is accepted", file::read, lost -> refuse(lost.reason(), current));
  }

  /** What no user can mend is told with each leak. */
  private void refuse(Throwable reason, boolean current) {
    boolean isWrong = reason instanceof IOException || reason instanceof IllegalArgumentException;
    boolean willBeMade = current && reason instanceof NoSuchFileException;
    if (isWrong && !willBeMade) {
      throw new IllegalArgumentException(trouble(reason), reason);
    }
  }

  /**
   * What has left some leaks.
   *
   * @param test as a report names it, if it is known
   * @param classes the full names of the test classes that it may be
   */
  public record LeftBy(Optional<String> test, Set<String> classes) {}

  /**
   * Those of {@code groups} that are accepted. If the file cannot be used that is none, and what is
   * returned says so.
   *
   * @param current whether to accept all, and write them down
   */
  Accepted among(List<LeakGroup> groups, LeftBy leftBy, boolean current) {
    return Guard.make(
        "what is accepted",
        () -> {
          if (current) {
            file.add(entries(groups, leftBy))
                .forEach(entry -> LOG.info("added to {}: {}", file, entry));
          }
          return accepted(groups, leftBy, file.read());
        },
        lost -> {
          String trouble = trouble(lost.reason());
          LOG.error("nothing is accepted: {}", trouble);
          return new Accepted(file.toString(), List.of(), List.of(), Optional.of(trouble));
        });
  }

  private static List<Entry> entries(List<LeakGroup> groups, LeftBy leftBy) {
    String by = leftBy.test().map(test -> ", left by " + oneLine(test)).orElse("");
    Set<String> classes = leftBy.classes().isEmpty() ? Set.of("*") : leftBy.classes();
    return groups.stream()
        .filter(group -> !group.fingerprint().equals(Fingerprint.NONE))
        .flatMap(
            group ->
                classes.stream()
                    .sorted()
                    .map(
                        name ->
                            Entry.of(
                                group.fingerprint(),
                                AcceptedScope.of(name),
                                GroupText.summary(group) + by)))
        .toList();
  }

  private static String oneLine(String text) {
    return text.replaceAll("\\R", " ");
  }

  private Accepted accepted(List<LeakGroup> groups, LeftBy leftBy, List<Entry> entries) {
    endWasSeen = false;
    List<LeakGroup> known = new ArrayList<>();
    List<String> elsewhere = new ArrayList<>();
    for (LeakGroup group : groups) {
      Set<Fingerprint> leaks = group.knownAs();
      List<Entry> accepting =
          entries.stream().filter(entry -> entry.accepts(leaks, leftBy.classes())).toList();
      if (accepting.isEmpty()) {
        entries.stream()
            .filter(entry -> leaks.stream().anyMatch(entry.fingerprint()::isAlike))
            .findFirst()
            .ifPresent(entry -> elsewhere.add(whyNot(group, entry, leftBy)));
      } else {
        occurred.addAll(accepting);
        known.add(group);
        LOG.info(
            "accepted: {}{}, left by {} ({} in {})",
            GroupText.times(group.threads().size()),
            GroupText.summary(group),
            leftBy.test().orElse("the code before the check"),
            accepting.get(0).fingerprint(),
            file);
      }
    }
    return new Accepted(file.toString(), known, elsewhere, Optional.empty());
  }

  private static String whyNot(LeakGroup group, Entry entry, LeftBy leftBy) {
    String not =
        entry.scope().holdsFor(leftBy.classes())
            ? "when called from " + group.calledFrom()
            : "for " + AcceptedScope.simpleNames(leftBy.classes());
    return "%s: accepted for %s, not %s; \"in *\" accepts it anywhere"
        .formatted(GroupText.summary(group), entry.scope().text(), not);
  }

  /**
   * Names the accepted leaks that have not occurred.
   *
   * @param allJudged whether all was judged that there was: else they may be among the rest
   */
  public void endOfRun(boolean allJudged) {
    endWasSeen = true;
    if (allJudged) {
      Guard.run("what is accepted, but did not occur,", this::nameAbsent, lost -> {}); // no file
    }
  }

  private void nameAbsent() throws IOException {
    String absent =
        file.read().stream()
            .filter(entry -> !occurred.contains(entry))
            .map(Entry::toString)
            .collect(joining("\n  "));
    if (!absent.isEmpty()) {
      LOG.info(
          "accepted in {}, but not found in this JVM so far; delete their lines if no other run has"
              + " them:\n  {}",
          file,
          absent);
    }
  }

  private void endOfJvm() {
    if (!endWasSeen) {
      endOfRun(/* allJudged= */ true);
    }
  }

  /** Why the file cannot be used, in a line that names it. */
  private String trouble(Throwable e) {
    if (e instanceof NoSuchFileException missing && file.toString().equals(missing.getFile())) {
      return "there is no file %s; a run with leak.acceptCurrent=true makes it".formatted(file);
    }
    if (e instanceof CharacterCodingException) {
      return "%s must be text in UTF-8".formatted(file);
    }
    if (e instanceof IllegalArgumentException) {
      return String.valueOf(e.getMessage()); // names the file and the line
    }
    return "%s cannot be used: %s".formatted(file, e);
  }

  @Override
  public String toString() {
    return file.toString();
  }
}
