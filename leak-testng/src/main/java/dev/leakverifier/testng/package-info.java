/**
 * Checks TestNG tests for the threads that they leave behind.
 *
 * <p>Start with {@link dev.leakverifier.testng.LeakVerifierListener}: name it in testng.xml, in
 * {@code @Listeners}, or in Surefire's {@code listener} property.
 */
@NullMarked
package dev.leakverifier.testng;

import org.jspecify.annotations.NullMarked;
