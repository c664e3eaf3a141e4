package dev.leakverifier.dump;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_16BE;
import static java.nio.charset.StandardCharsets.UTF_16LE;

import com.google.common.base.CharMatcher;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.Charset;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Finds out in which form and encoding a dump is, by its first bytes. */
final class DumpFormat {
  private static final int HEAD = 4096;

  /** JSON, perhaps after the line in which jcmd names the process. */
  private static final Pattern JSON = Pattern.compile("\\s*(?:\\d{1,9}:\\s*)?(?=\\{)");

  private DumpFormat() {}

  /** Reads the dumps of a text, one after the other. */
  interface DumpReader {
    /**
     * Reads the next dump.
     *
     * @return the line in which another one begins; 0 if none does
     */
    long read(DumpBuilder dump) throws IOException;
  }

  /** Reads the dumps in {@code in}, whatever their form. */
  static DumpReader reader(InputStream in) throws IOException {
    InputStream utf8 = utf8(in);
    String head = head(utf8, HEAD);
    Optional<OtherForm> other = OtherForm.startingWith(head);
    if (other.isPresent()) {
      return dump -> {
        dump.isOf(other.get());
        return 0;
      };
    }
    Matcher json = JSON.matcher(head);
    if (!json.lookingAt()) {
      Lines lines = new Lines(utf8);
      return dump -> new TextDumpReader(lines, dump).read();
    }
    utf8.skipNBytes(json.end());
    int linesBefore = CharMatcher.is('\n').countIn(json.group());
    return dump -> {
      JsonDump.read(utf8, linesBefore, dump);
      return 0;
    };
  }

  /** The same text in UTF-8: Windows' PowerShell writes what a command prints in UTF-16. */
  private static InputStream utf8(InputStream raw) throws IOException {
    BufferedInputStream in = new BufferedInputStream(raw);
    String head = head(in, 3);
    if (head.startsWith("\u00ef\u00bb\u00bf")) {
      in.skipNBytes(3);
    } else if (head.startsWith("\u00ff\u00fe")) {
      return recoded(in, UTF_16LE, 2);
    } else if (head.startsWith("\u00fe\u00ff")) {
      return recoded(in, UTF_16BE, 2);
    } else if (head.length() > 1 && head.charAt(1) == 0 && head.charAt(0) != 0) {
      return recoded(in, UTF_16LE, 0);
    } else if (head.length() > 1 && head.charAt(0) == 0 && head.charAt(1) != 0) {
      return recoded(in, UTF_16BE, 0);
    }
    return in;
  }

  private static InputStream recoded(InputStream in, Charset charset, int mark) throws IOException {
    in.skipNBytes(mark);
    return new BufferedInputStream(new Utf8Stream(new InputStreamReader(in, charset)));
  }

  /** The first bytes, a character each, which are not read yet. */
  private static String head(InputStream in, int length) throws IOException {
    in.mark(length);
    String head = new String(in.readNBytes(length), ISO_8859_1);
    in.reset();
    return head;
  }
}
