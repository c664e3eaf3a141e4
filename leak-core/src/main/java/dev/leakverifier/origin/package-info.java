/**
 * Who started a thread: {@link dev.leakverifier.origin.OriginRecorder} asks the JVM's flight
 * recorder.
 */
@NullMarked
package dev.leakverifier.origin;

import org.jspecify.annotations.NullMarked;
