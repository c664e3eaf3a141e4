package dev.leakverifier.profile;

import com.google.common.base.Ascii;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/** In which form a profile is asked for. */
enum ProfileFormat {
  TEXT("text/plain; charset=utf-8", ProfileFormat::text),
  JSON("application/json", (profile, detail) -> bytes(profile.toJson())),
  COLLAPSED("text/plain; charset=utf-8", (profile, detail) -> bytes(profile.toCollapsed())),
  PPROF("application/octet-stream", (profile, detail) -> pprof(profile));

  private final String contentType;

  @SuppressWarnings("ImmutableEnumChecker") // they keep no state
  private final Renderer renderer;

  ProfileFormat(String contentType, Renderer renderer) {
    this.contentType = contentType;
    this.renderer = renderer;
  }

  private interface Renderer {
    byte[] render(ThreadProfile profile, int detail);
  }

  String contentType() {
    return contentType;
  }

  /**
   * The profile in this form.
   *
   * @param detail of a text: 1 for the groups, 2 for every thread
   */
  byte[] render(ThreadProfile profile, int detail) {
    return renderer.render(profile, detail);
  }

  /** How it is asked for. */
  @Override
  public String toString() {
    return Ascii.toLowerCase(name());
  }

  private static byte[] text(ThreadProfile profile, int detail) {
    return bytes(detail == 2 ? profile.toThreadText() : profile.toText());
  }

  private static byte[] pprof(ThreadProfile profile) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try {
      profile.writePprof(out);
    } catch (IOException e) {
      throw new UncheckedIOException("memory cannot be written", e);
    }
    return out.toByteArray();
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
