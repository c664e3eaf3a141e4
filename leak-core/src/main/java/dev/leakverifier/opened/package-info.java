/**
 * What was opened, and the call that closes it.
 *
 * <p>Start with {@link dev.leakverifier.opened.LeakEntry}: the leaks that one call has left.
 */
@NullMarked
package dev.leakverifier.opened;

import org.jspecify.annotations.NullMarked;
