package dev.leakverifier.profile;

import static com.google.common.base.Preconditions.checkArgument;
import static java.util.Objects.requireNonNull;
import static java.util.stream.Collectors.toSet;

import com.google.common.base.Ascii;
import dev.leakverifier.text.Names;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.Set;
import java.util.regex.Matcher;
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

  /** With the port, which may be left out. */
  private static final Pattern HOST =
      Pattern.compile("(?<name>[^:\\[\\]]+|\\[[\\p{XDigit}:.]+])(?::\\d*)?");

  private static final Pattern LOOPBACK = Pattern.compile("127(?:\\.\\d{1,3}){3}");

  private final Set<String> others;

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
    this.others = Arrays.stream(others).map(Ascii::toLowerCase).collect(toSet());
  }

  /** Whether a request may have this {@code Host}, with or without a port. */
  boolean contains(@Nullable String host) {
    Matcher matcher = HOST.matcher(host == null ? "" : host);
    if (!matcher.matches()) {
      return false;
    }
    String name = Ascii.toLowerCase(matcher.group("name"));
    return name.equals("localhost")
        || others.contains(name)
        || LOOPBACK.matcher(name).matches()
        || (name.startsWith("[") && isLoopback(name));
  }

  /** What is in brackets is an address, or nothing: no name that somebody would be asked for. */
  private static boolean isLoopback(String address) {
    try {
      return InetAddress.getByName(address).isLoopbackAddress();
    } catch (UnknownHostException e) {
      return false;
    }
  }
}
