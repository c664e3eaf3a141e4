/**
 * How leaks read: the text of a report, and the JSON and the page of a run.
 *
 * <p>Not exported: what a program may read is {@code LeakReport}, and its JSON.
 */
@NullMarked
package dev.leakverifier.output;

import org.jspecify.annotations.NullMarked;
