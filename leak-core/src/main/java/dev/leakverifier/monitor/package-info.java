/**
 * Threads outside of tests: of a running service, or of one that has left a thread dump behind.
 *
 * <p>Start with {@link dev.leakverifier.monitor.ThreadProfile}, which groups the live threads, or
 * with {@link dev.leakverifier.monitor.ThreadDump}, which reads a saved dump.
 */
@NullMarked
package dev.leakverifier.monitor;

import org.jspecify.annotations.NullMarked;
