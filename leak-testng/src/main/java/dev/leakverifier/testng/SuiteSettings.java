package dev.leakverifier.testng;

import static java.util.stream.Collectors.joining;

import dev.leakverifier.LeakConfiguration;
import dev.leakverifier.LeakLevel;
import dev.leakverifier.LeakOption;
import dev.leakverifier.host.Log;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import org.testng.xml.XmlSuite;
import org.testng.xml.XmlTest;

/** What is configured for a suite, and for each of its {@code <test>} tags. */
final class SuiteSettings {
  private static final Log LOG = Log.of(SuiteSettings.class);

  private final XmlSuite suite;
  private final LeakConfiguration ofSuite;
  private final Map<XmlTest, LeakConfiguration> ofTests =
      Collections.synchronizedMap(new IdentityHashMap<>()); // tags are equal if they say the same

  /**
   * Reads all of them.
   *
   * @throws IllegalArgumentException if a value is bad
   */
  SuiteSettings(XmlSuite suite) {
    this.suite = suite;
    this.ofSuite = load(suite.getParameters());
    for (XmlTest test : suite.getTests()) {
      of(test);
    }
  }

  LeakConfiguration ofSuite() {
    return ofSuite;
  }

  LeakConfiguration of(XmlTest test) {
    return ofTests.computeIfAbsent(test, tag -> load(tag.getAllParameters()));
  }

  /** Whether anything is to be checked at all. */
  boolean isAnyEnabled() {
    for (XmlTest test : suite.getTests()) {
      if (of(test).isEnabled()) {
        return true;
      }
    }
    return ofSuite.isEnabled();
  }

  /** Says what is checked and when, and where each setting was made. */
  void log() {
    LOG.info(
        "suite \"{}\" is checked for leaked threads; scope: {}; settings: {}",
        suite.getName(),
        scope(ofSuite),
        ofSuite);
    for (XmlTest test : suite.getTests()) {
      LeakConfiguration own = of(test);
      if (!own.toString().equals(ofSuite.toString())) {
        LOG.info("<test> \"{}\"; scope: {}; settings: {}", test.getName(), scope(own), own);
      }
    }
  }

  /** Says which options a listener adds. */
  void log(List<LeakOption> options, LeakVerifierListener listener) {
    LOG.info(
        "suite \"{}\": {} (options() of {})",
        suite.getName(),
        options,
        listener.getClass().getName());
  }

  private static String scope(LeakConfiguration configuration) {
    return configuration.levels().isEmpty()
        ? "auto"
        : configuration.levels().stream().map(LeakLevel::toString).collect(joining(","));
  }

  private static LeakConfiguration load(Map<String, String> parameters) {
    return LeakConfiguration.load("testng.xml parameter", parameters);
  }
}
