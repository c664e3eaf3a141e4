/**
 * Why a leak is there.
 *
 * <p>Start with {@link dev.leakverifier.report.LeakGroup}, which {@code LeakReport.groups()} gives:
 * equal leaks with their {@link dev.leakverifier.report.Diagnosis}.
 */
@NullMarked
package dev.leakverifier.report;

import org.jspecify.annotations.NullMarked;
