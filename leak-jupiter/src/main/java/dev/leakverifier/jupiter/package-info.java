/**
 * Checks JUnit Jupiter tests for the threads that they leave behind.
 *
 * <p>Start with {@link dev.leakverifier.jupiter.LeakVerifierExtension}.
 */
@NullMarked
package dev.leakverifier.jupiter;

import org.jspecify.annotations.NullMarked;
