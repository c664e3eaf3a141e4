package dev.leakverifier.origin;

import com.google.common.collect.ImmutableList;

/**
 * One thread start as the flight recorder saw it.
 *
 * @param starterId 0 if the JVM did not say
 * @param frames the starter's stack, topmost frame first
 */
record ThreadStart(
    long threadId, long starterId, String starterName, ImmutableList<StackTraceElement> frames) {}
