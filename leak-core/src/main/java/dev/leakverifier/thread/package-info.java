/**
 * What a thread looked like at one instant; knows nothing about leaks.
 *
 * <p>Start with {@link dev.leakverifier.thread.ThreadSample}, the value that filters see and
 * reports show.
 */
@NullMarked
package dev.leakverifier.thread;

import org.jspecify.annotations.NullMarked;
