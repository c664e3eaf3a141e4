/**
 * Thread dumps of all forms, read as samples.
 *
 * <p>Start with {@link dev.leakverifier.dump.ThreadDump}, which reads a saved dump.
 */
@NullMarked
package dev.leakverifier.dump;

import org.jspecify.annotations.NullMarked;
