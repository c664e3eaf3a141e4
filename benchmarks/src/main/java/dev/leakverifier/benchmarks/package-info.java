/**
 * What LeakVerifier costs: one class per question, each with what it is compared to in the same
 * run.
 */
@NullMarked
package dev.leakverifier.benchmarks;

import org.jspecify.annotations.NullMarked;
