package dev.leakverifier.profile;

import com.google.common.base.Ascii;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/** In which form a profile is asked for. */
enum ProfileFormat {
  TEXT("text/plain; charset=utf-8") {
    @Override
    byte[] render(ThreadProfile profile, int detail) {
      return bytes(detail == 2 ? profile.toThreadText() : profile.toText());
    }
  },
  JSON("application/json") {
    @Override
    byte[] render(ThreadProfile profile, int detail) {
      return bytes(profile.toJson());
    }
  },
  COLLAPSED("text/plain; charset=utf-8") {
    @Override
    byte[] render(ThreadProfile profile, int detail) {
      return bytes(profile.toCollapsed());
    }
  },
  PPROF("application/octet-stream") {
    @Override
    byte[] render(ThreadProfile profile, int detail) {
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      try {
        profile.writePprof(out);
      } catch (IOException e) {
        throw new UncheckedIOException("memory cannot be written", e);
      }
      return out.toByteArray();
    }
  };

  private final String contentType;

  ProfileFormat(String contentType) {
    this.contentType = contentType;
  }

  String contentType() {
    return contentType;
  }

  /**
   * The profile in this form.
   *
   * @param detail of a text: 1 for the groups, 2 for every thread
   */
  abstract byte[] render(ThreadProfile profile, int detail);

  /** How it is asked for. */
  @Override
  public String toString() {
    return Ascii.toLowerCase(name());
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
