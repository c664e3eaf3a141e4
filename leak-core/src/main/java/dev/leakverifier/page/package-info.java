/** How the leaks of a run read, as a page and as JSON. */
@NullMarked
package dev.leakverifier.page;

import org.jspecify.annotations.NullMarked;
