package dev.leakverifier.testing;

import java.lang.reflect.Proxy;
import org.slf4j.ILoggerFactory;
import org.slf4j.IMarkerFactory;
import org.slf4j.Logger;
import org.slf4j.helpers.BasicMarkerFactory;
import org.slf4j.helpers.NOPLogger;
import org.slf4j.helpers.NOPMDCAdapter;
import org.slf4j.spi.MDCAdapter;
import org.slf4j.spi.SLF4JServiceProvider;

/** A provider of SLF4J whose loggers for LeakVerifier fail whatever they are asked. */
public final class FailingSlf4j implements SLF4JServiceProvider {
  /** The option of a JVM that logs through it. */
  public static final String OPTION = "-Dslf4j.provider=" + FailingSlf4j.class.getName();

  private final IMarkerFactory markers = new BasicMarkerFactory();
  private final MDCAdapter mdc = new NOPMDCAdapter();

  @Override
  public ILoggerFactory getLoggerFactory() {
    return name -> name.startsWith("dev.leakverifier.") ? failing() : NOPLogger.NOP_LOGGER;
  }

  private static Logger failing() {
    return (Logger)
        Proxy.newProxyInstance(
            Logger.class.getClassLoader(),
            new Class<?>[] {Logger.class},
            (logger, method, arguments) -> {
              throw new AssertionError("the log has no room");
            });
  }

  @Override
  public IMarkerFactory getMarkerFactory() {
    return markers;
  }

  @Override
  public MDCAdapter getMDCAdapter() {
    return mdc;
  }

  @Override
  public String getRequestedApiVersion() {
    return "2.0.99";
  }

  @Override
  public void initialize() {}
}
