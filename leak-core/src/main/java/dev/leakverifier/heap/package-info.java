/**
 * What a dump of the heap tells of threads: who holds what they belong to, and which are virtual.
 *
 * <p>Start with {@link dev.leakverifier.heap.HeapDump}.
 */
@NullMarked
package dev.leakverifier.heap;

import org.jspecify.annotations.NullMarked;
