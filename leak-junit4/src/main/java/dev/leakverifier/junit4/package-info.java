/**
 * Checks JUnit 4 tests for the threads that they leave behind.
 *
 * <p>Start with {@link dev.leakverifier.junit4.LeakVerifierRule} for a test, a class or a suite,
 * and with {@link dev.leakverifier.junit4.LeakVerifierRunListener} for a whole run.
 */
@NullMarked
package dev.leakverifier.junit4;

import org.jspecify.annotations.NullMarked;
