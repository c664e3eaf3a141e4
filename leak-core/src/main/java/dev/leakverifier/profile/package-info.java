/**
 * What all threads of a service do now, as text, JSON, pprof or collapsed stacks, and over HTTP.
 *
 * <p>Start with {@link dev.leakverifier.profile.ThreadProfile}.
 */
@NullMarked
package dev.leakverifier.profile;

import org.jspecify.annotations.NullMarked;
