/**
 * How this library gets along with the JVM, the class path and the log that it finds.
 *
 * <p>Start with {@link dev.leakverifier.host.Guard}: what goes wrong while a report is made costs a
 * part of it, and no verdict.
 */
@NullMarked
package dev.leakverifier.host;

import org.jspecify.annotations.NullMarked;
