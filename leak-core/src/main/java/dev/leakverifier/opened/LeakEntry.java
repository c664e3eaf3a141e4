package dev.leakverifier.opened;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.toList;

import dev.leakverifier.diagnosis.IgnoreLine;
import dev.leakverifier.diagnosis.LeakGroup;
import dev.leakverifier.diagnosis.LeakKind;
import dev.leakverifier.thread.CodeOwner;
import dev.leakverifier.thread.LibraryThread;
import dev.leakverifier.thread.OwnCall;
import dev.leakverifier.thread.ThreadSample;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * One entry of a report: all leaks that are there since one thing was not closed, whatever their
 * names and stacks; or one group of equal leaks, where nothing was opened.
 *
 * @param opened what has to be closed
 * @param groups a kind of thread each; one, if nothing was opened
 */
public record LeakEntry(Optional<Opening> opened, List<LeakGroup> groups) {
  /** They have a cause of their own, whoever has opened what. */
  private static final Set<LeakKind> OWN_CAUSE =
      Set.of(LeakKind.DEADLOCK, LeakKind.LOCK_NOT_RELEASED);

  /** Copies {@code groups}. */
  public LeakEntry {
    groups = List.copyOf(groups);
  }

  /** Threads of a group that one call has led to. */
  private record Part(LeakGroup group, Optional<Opening> opening, List<ThreadSample> threads) {
    static Stream<Part> allOf(LeakGroup group, OpeningSearch search) {
      return group.threads().stream()
          .collect(
              groupingBy(
                  thread -> isAtOwnTask(group, thread) ? Optional.empty() : search.of(thread),
                  LinkedHashMap<Optional<Opening>, List<ThreadSample>>::new,
                  toList()))
          .entrySet()
          .stream()
          .map(part -> new Part(group, part.getKey(), part.getValue()));
    }

    /** What a thread does in the project's code is no business of a library. */
    private static boolean isAtOwnTask(LeakGroup group, ThreadSample thread) {
      return OWN_CAUSE.contains(group.diagnosis().kind())
          || thread.frames().stream().anyMatch(frame -> CodeOwner.of(frame) == CodeOwner.PROJECT);
    }

    /**
     * What has to be closed: the one thing that was opened which this may be; else, of what was
     * only used, the library that is known, but for one that works for the library that was called.
     *
     * @param certain all that was opened
     */
    Optional<Opening> toClose(List<Opening> certain) {
      if (opening.isEmpty()) {
        return opening;
      }
      Opening used = opening.get();
      List<Opening> same = certain.stream().filter(used::mayBe).toList();
      if (same.size() == 1) {
        return Optional.of(same.get(0));
      }
      if (used.isCertain()) {
        return opening;
      }
      ThreadSample thread = threads.get(0);
      boolean ofSameLibrary = used.isOfLibraryOf(thread);
      return LibraryThread.of(thread)
          .filter(known -> used.fix().isEmpty() || ofSameLibrary)
          .flatMap(
              known ->
                  known
                      .missingCall()
                      .map(call -> used.of(known.what(), "call " + call, ofSameLibrary)))
          .or(() -> opening);
    }
  }

  /** The entries that {@code groups} make, in their order. */
  public static List<LeakEntry> of(List<LeakGroup> groups) {
    OpeningSearch search = new OpeningSearch();
    List<Part> parts = groups.stream().flatMap(group -> Part.allOf(group, search)).toList();
    List<Opening> certain =
        parts.stream()
            .flatMap(part -> part.opening().stream())
            .filter(Opening::isCertain)
            .distinct()
            .toList();
    Map<Object, Map<LeakGroup, List<ThreadSample>>> entries = new LinkedHashMap<>();
    for (Part part : parts) {
      Optional<Opening> opened = part.toClose(certain);
      entries
          .computeIfAbsent(
              opened.isPresent() ? opened.get() : part.group(), unseen -> new LinkedHashMap<>())
          .computeIfAbsent(part.group(), unseen -> new ArrayList<>())
          .addAll(part.threads());
    }
    return entries.entrySet().stream().map(each -> entry(each.getKey(), each.getValue())).toList();
  }

  /** An entry that {@code opened} makes, or else a group by itself. */
  private static LeakEntry entry(Object opened, Map<LeakGroup, List<ThreadSample>> threads) {
    return new LeakEntry(
        opened instanceof Opening opening ? Optional.of(opening) : Optional.empty(),
        threads.entrySet().stream().map(part -> part(part.getKey(), part.getValue())).toList());
  }

  private static LeakGroup part(LeakGroup group, List<ThreadSample> threads) {
    return threads.size() == group.threads().size()
        ? group
        : new LeakGroup(group.fingerprint(), group.diagnosis(), threads, group.ignore());
  }

  /** All its threads, those of one kind together. */
  public List<ThreadSample> threads() {
    return groups.stream().flatMap(group -> group.threads().stream()).toList();
  }

  /** What would end them. */
  public String fix() {
    return opened.isPresent() ? opened.get().advice() : groups.get(0).diagnosis().fix();
  }

  /** What to write in order to ignore them, all of it; empty if nothing would fit. */
  public List<IgnoreLine> ignore() {
    return opened.isPresent()
        ? threads().stream()
            .flatMap(thread -> thread.origin().flatMap(OwnCall::of).stream())
            .flatMap(call -> IgnoreLine.createdBy(call.function()).stream())
            .distinct()
            .toList()
        : groups.get(0).ignore().stream().toList();
  }
}
