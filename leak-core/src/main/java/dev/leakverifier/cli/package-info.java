/**
 * The command line: lists JVMs, profiles and watches the threads of one from outside, and reads
 * saved thread dumps.
 *
 * <p>Starts in {@link dev.leakverifier.cli.Main}.
 */
@NullMarked
package dev.leakverifier.cli;

import org.jspecify.annotations.NullMarked;
