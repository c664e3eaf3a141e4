package dev.leakverifier.settings;

import dev.leakverifier.check.HeapUse;
import dev.leakverifier.check.ThreadFilter;
import dev.leakverifier.thread.CodeOwner;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;

/**
 * One thing that somebody has chosen, in code or by a key.
 *
 * @param call how it reads
 * @param effect what it does to the settings
 */
public record Choice(String call, Consumer<Settings.Builder> effect) {
  public static Choice ignore(ThreadFilter filter) {
    return new Choice(filter.call(), settings -> settings.check().ignore(filter));
  }

  public static Choice maxWait(Duration maxWait) {
    return new Choice("maxWait(" + maxWait + ")", settings -> settings.check().maxWait(maxWait));
  }

  public static Choice firstWait(Duration firstWait) {
    return new Choice(
        "firstWait(" + firstWait + ")", settings -> settings.check().firstWait(firstWait));
  }

  public static Choice runOnFailure() {
    return new Choice("runOnFailure()", Settings.Builder::runOnFailure);
  }

  public static Choice knownLibraries(boolean ignored) {
    return new Choice(
        "knownLibraries(" + ignored + ")", settings -> settings.check().knownLibraries(ignored));
  }

  /** Holds for the whole JVM: all its checks see the same classes. */
  public static Choice ownPackages(List<String> packages) {
    return new Choice(
        "leak.ownPackages=" + String.join(",", packages),
        settings -> CodeOwner.setOwnPackages(packages));
  }

  public static Choice virtualThreads(boolean seen) {
    return new Choice(
        "virtualThreads(" + seen + ")", settings -> settings.check().virtualThreads(seen));
  }

  public static Choice heap(HeapUse use) {
    return new Choice("leak.heap=" + use, settings -> settings.check().heap(use));
  }

  public static Choice warnOnly() {
    return new Choice("warnOnly()", settings -> settings.warnOnly(true));
  }

  /** Whether leaks are only logged, and whether they are interrupted after that. */
  static Choice action(boolean warnOnly, boolean interrupts) {
    return new Choice(
        "leak.action=" + (warnOnly ? "warn" : "fail") + (interrupts ? ",interrupt" : ""),
        settings -> {
          settings.warnOnly(warnOnly);
          settings.interrupts(interrupts);
        });
  }

  /** Accepts leaks; whether all that is found is accepted, too, and written down. */
  public static Choice accept(AcceptedLeaks leaks, boolean current) {
    return new Choice(
        "leak.accepted=" + leaks + (current ? ", leak.acceptCurrent=true" : ""),
        settings -> settings.accept(leaks, current));
  }
}
