package dev.leakverifier.json;

import dev.leakverifier.json.JsonReader.Passage;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads values of which many stand in a text word for word again, such as the stacks of a pool's
 * threads: knows the last few by their bytes, and then reads nothing.
 */
public final class RecentValues<T> {
  /** More would cost a text whose values are all different more than they save another one. */
  private static final int MOST = 8;

  private final Reader<T> reader;
  private final List<Known<T>> recent = new ArrayList<>(MOST);

  public RecentValues(Reader<T> reader) {
    this.reader = reader;
  }

  /** Reads a value that is not known. The same bytes must always give the same. */
  public interface Reader<T> {
    T read(JsonReader json) throws IOException;
  }

  private record Known<T>(Passage passage, T value) {}

  public T next(JsonReader json) throws IOException {
    for (int i = 0; i < recent.size(); i++) {
      Known<T> known = recent.get(i);
      if (json.passOver(known.passage())) {
        recent.add(0, recent.remove(i));
        return known.value();
      }
    }
    json.mark();
    T value = reader.read(json);
    @Nullable Passage passage = json.passage();
    if (passage != null) {
      if (recent.size() == MOST) {
        recent.remove(MOST - 1);
      }
      recent.add(0, new Known<>(passage, value));
    }
    return value;
  }
}
