/**
 * Finds the threads that a test leaves behind.
 *
 * <p>Start with {@link dev.leakverifier.LeakVerifier}: {@code LeakVerifier.verifyNone()} in a
 * {@code finally} block, or {@code LeakVerifier.scope()} in a try-with-resources statement.
 */
@NullMarked
package dev.leakverifier;

import org.jspecify.annotations.NullMarked;
