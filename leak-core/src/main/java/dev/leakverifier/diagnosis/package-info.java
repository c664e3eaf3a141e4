/**
 * Why a leak is there.
 *
 * <p>Start with {@link dev.leakverifier.diagnosis.LeakGroup}, which {@code LeakReport.groups()}
 * gives: equal leaks with their {@link dev.leakverifier.diagnosis.Diagnosis}.
 */
@NullMarked
package dev.leakverifier.diagnosis;

import org.jspecify.annotations.NullMarked;
