/**
 * Threads outside of tests: of a running service, or of one that has left a thread dump behind.
 *
 * <p>Start with {@link dev.leakverifier.monitor.ThreadMonitor}, which warns of threads that grow
 * and stay; {@link dev.leakverifier.monitor.ThreadProfile}, which says what all threads do now; or
 * {@link dev.leakverifier.monitor.ThreadDump}, which reads a saved dump.
 */
@NullMarked
package dev.leakverifier.monitor;

import org.jspecify.annotations.NullMarked;
