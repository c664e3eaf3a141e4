/** How a leak reads. */
@NullMarked
package dev.leakverifier.report;

import org.jspecify.annotations.NullMarked;
