/**
 * The same programs under LeakVerifier, randomizedtesting and checks by hand: what each finds,
 * misses and accuses wrongly. {@link dev.leakverifier.comparison.Comparison} is where it starts.
 */
@org.jspecify.annotations.NullMarked
package dev.leakverifier.comparison;
