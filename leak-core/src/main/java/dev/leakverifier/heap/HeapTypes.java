package dev.leakverifier.heap;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The classes of a dump: what they are called, what they extend, and where their fields stand. */
final class HeapTypes {
  private final HprofFile file;
  private final Map<Long, String> names = new HashMap<>();
  private final Map<Integer, Long> bySerial = new HashMap<>();
  private final Map<Long, Type> types = new HashMap<>();
  private final Map<Long, String> texts = new HashMap<>();

  /** A class, with its own instance fields. */
  private static final class Type {
    final long superId;
    final long[] fieldIds;
    final byte[] fieldTypes;

    /** What was asked for, by the name of the field. */
    final Map<String, Field> known = new HashMap<>();

    Type(long superId, long[] fieldIds, byte[] fieldTypes) {
      this.superId = superId;
      this.fieldIds = fieldIds;
      this.fieldTypes = fieldTypes;
    }
  }

  /**
   * An instance field.
   *
   * @param at where it stands in an instance
   * @param size how many bytes it has
   */
  record Field(long declaredBy, String name, int at, int size, boolean isReference) {}

  HeapTypes(HprofFile file) throws IOException {
    this.file = file;
    Map<Long, Long> nameOf = new HashMap<>(); // both are ids
    Set<Long> wanted = new HashSet<>();
    file.read(
        new HprofVisitor() {
          @Override
          void loaded(int serial, long classId, long nameId) {
            nameOf.put(classId, nameId);
            bySerial.put(serial, classId);
            wanted.add(nameId);
          }

          @Override
          void type(long id, long superId, long[] fieldIds, byte[] fieldTypes) {
            types.put(id, new Type(superId, fieldIds, fieldTypes));
            for (long field : fieldIds) {
              wanted.add(field);
            }
          }
        });
    texts.putAll(texts(wanted));
    nameOf.forEach((id, name) -> names.put(id, className(texts.getOrDefault(name, ""))));
  }

  /** What names read like, by their ids. */
  Map<Long, String> texts(Collection<Long> ids) throws IOException {
    Set<Long> wanted = new HashSet<>(ids);
    Map<Long, String> found = new HashMap<>();
    file.read(
        new HprofVisitor.Beside() {
          @Override
          boolean wantsText(long id) {
            return wanted.contains(id);
          }

          @Override
          void text(long id, String text) {
            found.put(id, text);
          }
        });
    return found;
  }

  /** As {@code Class.getName()} has it; a hidden class has a slash in it. */
  private static String className(String symbol) {
    return symbol.replace('/', '.').replace("+0x", "/0x");
  }

  String name(long classId) {
    return names.getOrDefault(classId, "");
  }

  /** The class that a frame names by its number. */
  String nameOfSerial(int serial) {
    return name(bySerial.getOrDefault(serial, 0L));
  }

  /** Whether it is the class called so, or extends it. */
  boolean extendsClass(long classId, String className) {
    long each = classId;
    while (each != 0) {
      if (name(each).equals(className)) {
        return true;
      }
      Type type = types.get(each);
      each = type == null ? 0 : type.superId;
    }
    return false;
  }

  /** The fields of an instance: its class's first. */
  List<Field> fields(long classId) throws IOException {
    List<Field> fields = new ArrayList<>();
    int at = 0;
    long owner = classId;
    for (Type type = types.get(owner); type != null; type = types.get(owner)) {
      for (int i = 0; i < type.fieldIds.length; i++) {
        int size = file.sizeOf(type.fieldTypes[i]);
        String name = texts.getOrDefault(type.fieldIds[i], "");
        fields.add(new Field(owner, name, at, size, HprofFile.isReference(type.fieldTypes[i])));
        at += size;
      }
      owner = type.superId;
    }
    return fields;
  }

  /** The field of that name which is nearest to the class; null if there is none. */
  @Nullable Field field(long classId, String name) throws IOException {
    Type type = types.get(classId);
    if (type == null) {
      return null;
    }
    if (type.known.isEmpty()) {
      for (Field field : fields(classId)) {
        type.known.putIfAbsent(field.name(), field);
      }
    }
    return type.known.get(name);
  }
}
