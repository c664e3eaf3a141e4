package dev.leakverifier.host;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.helpers.MessageFormatter;
import org.slf4j.helpers.NOPLogger;

/**
 * Logs through SLF4J, and never throws.
 *
 * <p>What people have to see does not vanish: where SLF4J has no provider, warnings and errors go
 * to {@link System.Logger}, and all that an SLF4J that fails was to log. Loads no logging library
 * before something is logged: a clean check in a fresh JVM should not have to wait for one. {@code
 * {}} in a message stands for an argument; a throwable may be the last.
 */
public final class Log {
  private final String name;

  private Log(String name) {
    this.name = name;
  }

  /** The log of {@code owner}. */
  public static Log of(Class<?> owner) {
    return new Log(owner.getName());
  }

  /** Whether it is worth to gather what {@link #debug} would log. */
  public boolean isDebugEnabled() {
    try {
      return LoggerFactory.getLogger(name).isDebugEnabled();
    } catch (Throwable e) {
      return false;
    }
  }

  /** Logs what helps to find out why LeakVerifier does what it does. */
  public void debug(String message, @Nullable Object... arguments) {
    log(System.Logger.Level.DEBUG, message, arguments);
  }

  /** Logs what a user may want to know. */
  public void info(String message, @Nullable Object... arguments) {
    log(System.Logger.Level.INFO, message, arguments);
  }

  /** Logs what a user has to know. */
  public void warn(String message, @Nullable Object... arguments) {
    log(System.Logger.Level.WARNING, message, arguments);
  }

  /** Logs what a user has to do something about. */
  public void error(String message, @Nullable Object... arguments) {
    log(System.Logger.Level.ERROR, message, arguments);
  }

  private void log(System.Logger.Level level, String message, @Nullable Object... arguments) {
    try {
      Logger logger = LoggerFactory.getLogger(name);
      switch (level) {
        case DEBUG -> logger.debug(message, arguments);
        case INFO -> logger.info(message, arguments);
        case WARNING -> logger.warn(message, arguments);
        default -> logger.error(message, arguments);
      }
      if (logger instanceof NOPLogger && level.compareTo(System.Logger.Level.WARNING) >= 0) {
        logWithoutSlf4j(level, text(message, arguments));
      }
    } catch (Throwable e) { // of a provider's, or there is no SLF4J
      logWithoutSlf4j(
          level, text(message, arguments) + "\n(said here, since " + new Lost("the log", e) + ")");
    }
  }

  private void logWithoutSlf4j(System.Logger.Level level, String text) {
    try {
      System.getLogger(name).log(level, text);
    } catch (Throwable e) {
      // nobody is left who would listen
    }
  }

  private static String text(String message, @Nullable Object... arguments) {
    try {
      return MessageFormatter.arrayFormat(message, arguments).getMessage();
    } catch (Throwable e) {
      return message + " " + Arrays.asList(arguments);
    }
  }
}
