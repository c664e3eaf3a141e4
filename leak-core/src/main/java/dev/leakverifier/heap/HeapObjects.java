package dev.leakverifier.heap;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_16BE;
import static java.nio.charset.StandardCharsets.UTF_16LE;

import dev.leakverifier.heap.HeapTypes.Field;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.Charset;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.LongPredicate;
import org.jspecify.annotations.Nullable;

/**
 * Some objects of a heap dump, with their fields. The dump is read again and again, each time for
 * what the time before has shown to be needed: so little is kept, however large the heap is.
 */
final class HeapObjects {
  private final HprofFile file;
  final HeapTypes types;

  HeapObjects(HprofFile file, HeapTypes types) {
    this.file = file;
    this.types = types;
  }

  /** An object of the heap; an array of objects has no fields. */
  final class Instance {
    private final long id;
    private final long classId;
    private final ByteBuffer content;

    /** Copies the {@code content}. */
    private Instance(long id, long classId, ByteBuffer content) {
      this.id = id;
      this.classId = classId;
      this.content = ByteBuffer.allocate(content.remaining()).put(content).flip();
    }

    long id() {
      return id;
    }

    long classId() {
      return classId;
    }

    String className() {
      return types.name(classId);
    }

    /** The value of the field of that name, or the id of the object that it refers to; else 0. */
    long get(String name) throws IOException {
      Field field = content.hasRemaining() ? types.field(classId, name) : null;
      return field == null ? 0 : get(field);
    }

    /** The same, of a field of its class. */
    long get(Field field) {
      return switch (field.size()) {
        case 1 -> content.get(field.at());
        case 2 -> content.getShort(field.at());
        case 4 -> Integer.toUnsignedLong(content.getInt(field.at()));
        default -> content.getLong(field.at());
      };
    }

    /** Its fields that refer to objects. */
    List<Field> references() throws IOException {
      return content.hasRemaining()
          ? types.fields(classId).stream().filter(Field::isReference).toList()
          : List.of();
    }

    /** The field by which it refers to {@code object}; null if it is an element of an array. */
    @Nullable Field fieldTo(long object) throws IOException {
      for (Field field : references()) {
        if (get(field) == object) {
          return field;
        }
      }
      return null;
    }
  }

  /** Sees one instance after the other. */
  interface Each {
    void see(Instance object) throws IOException;
  }

  /** Passes on all instances of those classes. */
  void forEach(LongPredicate classIds, Each each) throws IOException {
    file.read(
        new HprofVisitor() {
          @Override
          boolean wantsFields(long id, long classId) {
            return classIds.test(classId);
          }

          @Override
          void fields(long id, long classId, ByteBuffer content) throws IOException {
            each.see(new Instance(id, classId, content));
          }
        });
  }

  /** Those that are instances or arrays of objects, by id. */
  Map<Long, Instance> instances(Collection<Long> ids) throws IOException {
    Set<Long> wanted = new HashSet<>(ids);
    wanted.remove(0L);
    Map<Long, Instance> found = new HashMap<>();
    if (!wanted.isEmpty()) {
      file.read(
          new HprofVisitor() {
            @Override
            void object(long id, long classId) {
              if (wanted.contains(id)) {
                found.put(id, new Instance(id, classId, ByteBuffer.allocate(0)));
              }
            }

            @Override
            boolean wantsFields(long id, long classId) {
              return wanted.contains(id);
            }

            @Override
            void fields(long id, long classId, ByteBuffer content) {
              found.put(id, new Instance(id, classId, content));
            }
          });
    }
    return found;
  }

  /** Those that are strings, by id. */
  Map<Long, String> strings(Collection<Long> ids) throws IOException {
    Map<Long, Instance> strings = instances(ids);
    Map<Long, byte[]> contents = bytes(references(strings.values(), "value"));
    Charset utf16 = ByteOrder.nativeOrder() == ByteOrder.BIG_ENDIAN ? UTF_16BE : UTF_16LE;
    Map<Long, String> found = new HashMap<>();
    for (Instance string : strings.values()) {
      byte[] content = contents.get(string.get("value"));
      if (content != null) {
        Charset charset = string.get("coder") == 0 ? ISO_8859_1 : utf16;
        found.put(string.id(), new String(content, charset));
      }
    }
    return found;
  }

  private Map<Long, byte[]> bytes(Set<Long> wanted) throws IOException {
    Map<Long, byte[]> found = new HashMap<>();
    if (!wanted.isEmpty()) {
      file.read(
          new HprofVisitor() {
            @Override
            boolean wantsBytes(long id) {
              return wanted.contains(id);
            }

            @Override
            void bytes(long id, byte[] content) {
              found.put(id, content);
            }
          });
    }
    return found;
  }

  /** The ids of what these fields of the {@code objects} refer to, where they have them. */
  static Set<Long> references(Collection<Instance> objects, String... fields) throws IOException {
    Set<Long> ids = new HashSet<>();
    for (Instance object : objects) {
      for (String field : fields) {
        ids.add(object.get(field));
      }
    }
    ids.remove(0L);
    return ids;
  }
}
