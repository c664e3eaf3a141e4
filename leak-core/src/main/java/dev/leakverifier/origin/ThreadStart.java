package dev.leakverifier.origin;

import java.util.List;

/**
 * One thread start as the flight recorder saw it.
 *
 * @param starterId 0 if the JVM did not say
 * @param frames the starter's stack, topmost frame first
 */
record ThreadStart(
    long threadId, long starterId, String starterName, List<StackTraceElement> frames) {}
