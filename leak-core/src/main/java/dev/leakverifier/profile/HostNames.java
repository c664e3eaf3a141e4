package dev.leakverifier.profile;

import static com.google.common.base.Preconditions.checkArgument;
import static java.util.Objects.requireNonNull;

import com.google.common.base.Ascii;
import com.google.common.collect.ImmutableSet;
import com.google.common.net.HostAndPort;
import com.google.common.net.InetAddresses;
import dev.leakverifier.thread.Names;
import java.util.Arrays;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The names by which clients may ask for what a loopback address serves.
 *
 * <p>A web page from anywhere can have its own name resolved to 127.0.0.1, and the visitor's
 * browser then lets it read what is served there (DNS rebinding). What the browser cannot hide is
 * that name, which it sends as {@code Host}.
 */
final class HostNames {
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_-]+(?:\\.[A-Za-z0-9_-]+)*\\.?");

  private final ImmutableSet<String> others;

  /**
   * The loopback names, and {@code others}.
   *
   * @throws IllegalArgumentException if one of them is no name
   */
  HostNames(String... others) {
    for (String name : others) {
      checkArgument(
          NAME.matcher(requireNonNull(name, "hostNames must not contain null")).matches(),
          "hostNames (%s) must be names as in a URL, without scheme and port: threads.acme.com",
          Names.quoted(name));
    }
    this.others =
        Arrays.stream(others).map(Ascii::toLowerCase).collect(ImmutableSet.toImmutableSet());
  }

  /** Whether a request may have this {@code Host}, with or without a port. */
  boolean contains(@Nullable String host) {
    String name = name(host);
    return name.equals("localhost")
        || others.contains(name)
        || (InetAddresses.isInetAddress(name) && InetAddresses.forString(name).isLoopbackAddress());
  }

  private static String name(@Nullable String host) {
    try {
      return host == null ? "" : Ascii.toLowerCase(HostAndPort.fromString(host).getHost());
    } catch (IllegalArgumentException e) {
      return ""; // nobody's name
    }
  }
}
