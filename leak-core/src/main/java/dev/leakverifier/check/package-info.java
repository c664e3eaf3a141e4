/**
 * Which threads are left: list, subtract, wait, sample, and give findings; knows no policy and no
 * text.
 *
 * <p>Start with {@link dev.leakverifier.check.Check}.
 */
@NullMarked
package dev.leakverifier.check;

import org.jspecify.annotations.NullMarked;
