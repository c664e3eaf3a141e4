/**
 * Which test or fixture has to answer for a thread.
 *
 * <p>Start with {@link dev.leakverifier.blame.Suspects}, who notes in which window a thread
 * appeared, and {@link dev.leakverifier.blame.WindowJudge}.
 */
@NullMarked
package dev.leakverifier.blame;

import org.jspecify.annotations.NullMarked;
