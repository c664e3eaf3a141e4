/**
 * How leaks read: one report as text and as JSON.
 *
 * <p>Not exported: what a program may read is {@code LeakReport}, and its JSON.
 */
@NullMarked
package dev.leakverifier.report;

import org.jspecify.annotations.NullMarked;
