/**
 * The growth of a service's threads.
 *
 * <p>Start with {@link dev.leakverifier.monitor.ThreadMonitor}, which warns of threads that grow
 * and stay.
 */
@NullMarked
package dev.leakverifier.monitor;

import org.jspecify.annotations.NullMarked;
