/** How text that others chose, such as a thread's name, reads in ours. */
@NullMarked
package dev.leakverifier.text;

import org.jspecify.annotations.NullMarked;
