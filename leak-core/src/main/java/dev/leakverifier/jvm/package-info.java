/**
 * The live threads of this JVM.
 *
 * <p>Start with {@link dev.leakverifier.jvm.LiveThreads}, which lists them at little cost, and
 * reads the stacks of those that are asked for.
 */
@NullMarked
package dev.leakverifier.jvm;

import org.jspecify.annotations.NullMarked;
