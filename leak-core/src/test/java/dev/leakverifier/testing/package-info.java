/** What the tests of all modules share. */
@NullMarked
package dev.leakverifier.testing;

import org.jspecify.annotations.NullMarked;
