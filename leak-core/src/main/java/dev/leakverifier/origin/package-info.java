/**
 * Who made a thread: {@link dev.leakverifier.origin.OriginRecorder} tells it from marks that
 * threads inherit.
 */
@NullMarked
package dev.leakverifier.origin;

import org.jspecify.annotations.NullMarked;
