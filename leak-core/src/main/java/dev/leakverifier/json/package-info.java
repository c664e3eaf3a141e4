/** Reads and writes JSON. */
@NullMarked
package dev.leakverifier.json;

import org.jspecify.annotations.NullMarked;
