package dev.leakverifier.jvm;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Some objects of a heap dump, with their fields. The dump is read again and again, each time for
 * what the time before has shown to be needed: so little is kept, however large the heap is.
 */
final class HeapObjects {
  private final HprofFile file;
  private final Set<String> fieldNames;
  private final Map<String, Long> symbols = new HashMap<>();
  private final Map<Long, Long> classNames = new HashMap<>(); // both are ids
  private final Map<Integer, Long> classesBySerial = new HashMap<>();
  private final Map<Long, Type> types = new HashMap<>();

  private static final class Type {
    private final long superId;
    private final long[] fieldIds;
    private final byte[] fieldTypes;

    Type(long superId, long[] fieldIds, byte[] fieldTypes) {
      this.superId = superId;
      this.fieldIds = fieldIds;
      this.fieldTypes = fieldTypes;
    }
  }

  /** An object of the heap. */
  final class Instance {
    private final long id;
    private final long classId;
    private final ByteBuffer fields;

    private Instance(long id, long classId, ByteBuffer fields) {
      this.id = id;
      this.classId = classId;
      this.fields = fields;
    }

    long id() {
      return id;
    }

    /** The value of the field of that name, or the id of the object that it refers to; else 0. */
    long get(String field) throws IOException {
      Long wanted = symbols.get(field);
      int at = 0;
      for (Type type = types.get(classId); type != null; type = types.get(type.superId)) {
        for (int i = 0; i < type.fieldIds.length; i++) {
          int size = file.sizeOf(type.fieldTypes[i]);
          if (wanted != null && type.fieldIds[i] == wanted) {
            return valueAt(at, size);
          }
          at += size;
        }
      }
      return 0;
    }

    private long valueAt(int at, int size) {
      return switch (size) {
        case 1 -> fields.get(at);
        case 2 -> fields.getShort(at);
        case 4 -> Integer.toUnsignedLong(fields.getInt(at));
        default -> fields.getLong(at);
      };
    }
  }

  /** Sees one instance after the other. */
  interface Each {
    void see(Instance object) throws IOException;
  }

  /** A frame of a stack, of which the texts are ids. */
  record Frame(long className, long method, long source, int line) {}

  /** Gets to know the classes of the dump, and which fields will be asked for by name. */
  HeapObjects(HprofFile file, Set<String> classes, Set<String> fieldNames) throws IOException {
    this.file = file;
    this.fieldNames = fieldNames;
    file.read(new Symbols(classes));
  }

  private final class Symbols extends HprofFile.Visitor {
    private final Set<String> wanted = new HashSet<>(fieldNames);
    private final Set<Integer> lengths = new HashSet<>();

    Symbols(Set<String> classes) {
      wanted.addAll(classes);
      wanted.forEach(name -> lengths.add(name.length()));
    }

    @Override
    boolean wantsHeap() {
      return false;
    }

    @Override
    boolean wantsText(long id, int length) {
      return lengths.contains(length);
    }

    @Override
    void text(long id, String text) {
      if (wanted.contains(text)) {
        symbols.put(text, id);
      }
    }

    @Override
    void loaded(int serial, long classId, long nameId) {
      classNames.put(classId, nameId);
      classesBySerial.put(serial, classId);
    }
  }

  /** Passes on all instances of those classes themselves, which were named before. */
  void forEach(Set<String> classes, Each each) throws IOException {
    Set<Long> names = new HashSet<>();
    for (String name : classes) {
      Long symbol = symbols.get(name);
      if (symbol != null) {
        names.add(symbol);
      }
    }
    file.read(
        new HprofFile.Visitor() {
          @Override
          void type(long id, long superId, long[] fieldIds, byte[] fieldTypes) {
            types.put(id, new Type(superId, fieldIds, fieldTypes));
          }

          @Override
          boolean wantsObject(long id, long classId) {
            return names.contains(classNames.get(classId));
          }

          @Override
          void object(long id, long classId, ByteBuffer fields) throws IOException {
            if (!types.containsKey(classId)) {
              throw new IOException("an object comes before its class"); // in none of HotSpot's
            }
            each.see(new Instance(id, classId, fields));
          }
        });
  }

  /** The objects with these ids. */
  Map<Long, Instance> instances(Collection<Long> ids) throws IOException {
    Set<Long> wanted = new HashSet<>(ids);
    wanted.remove(0L);
    Map<Long, Instance> found = new HashMap<>();
    if (!wanted.isEmpty()) {
      file.read(
          new HprofFile.Visitor() {
            @Override
            boolean wantsObject(long id, long classId) {
              return wanted.contains(id);
            }

            @Override
            void object(long id, long classId, ByteBuffer fields) {
              found.put(id, new Instance(id, classId, fields));
            }
          });
    }
    return found;
  }

  /** What is in the arrays of bytes with these ids. */
  Map<Long, byte[]> bytes(Collection<Long> ids) throws IOException {
    Set<Long> wanted = new HashSet<>(ids);
    Map<Long, byte[]> found = new HashMap<>();
    if (!wanted.isEmpty()) {
      file.read(
          new HprofFile.Visitor() {
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

  /** Whether that is its very class, which was named before. */
  boolean isOf(Instance object, String className) {
    return className(object) == symbols.getOrDefault(className, -1L);
  }

  /** The id of the name of an object's class. */
  long className(Instance object) {
    return classNames.getOrDefault(object.classId, 0L);
  }

  /** The stacks of threads, topmost frame first, by the id of the thread's object. */
  Map<Long, List<Frame>> stacks(Collection<Instance> threads) throws IOException {
    Map<Long, Integer> traceOfThread = traces(threads);
    Map<Integer, long[]> traces = new HashMap<>();
    traceOfThread.values().forEach(trace -> traces.put(trace, new long[0]));
    Set<Long> wanted = new HashSet<>();
    file.read(
        new Beside() {
          @Override
          void trace(int serial, long[] frameIds) {
            if (traces.containsKey(serial)) {
              traces.put(serial, frameIds);
              for (long id : frameIds) {
                wanted.add(id);
              }
            }
          }
        });
    Map<Long, Frame> frames = new HashMap<>();
    file.read(
        new Beside() {
          @Override
          void frame(long id, long methodId, long sourceId, int classSerial, int line) {
            if (wanted.contains(id)) {
              long classId = classesBySerial.getOrDefault(classSerial, 0L);
              frames.put(
                  id, new Frame(classNames.getOrDefault(classId, 0L), methodId, sourceId, line));
            }
          }
        });
    Map<Long, List<Frame>> stacks = new HashMap<>();
    for (Instance thread : threads) {
      List<Frame> stack = new ArrayList<>();
      for (long id : traces.getOrDefault(traceOfThread.getOrDefault(thread.id, 0), new long[0])) {
        Frame frame = frames.get(id);
        if (frame == null) {
          throw new IOException("a frame is missing");
        }
        stack.add(frame);
      }
      stacks.put(thread.id, stack);
    }
    return stacks;
  }

  /** The serial numbers of the stacks of those {@code threads} that have one. */
  private Map<Long, Integer> traces(Collection<Instance> threads) throws IOException {
    Map<Long, Integer> traces = new HashMap<>();
    Set<Long> wanted = new HashSet<>();
    threads.forEach(thread -> wanted.add(thread.id));
    file.read(
        new HprofFile.Visitor() {
          @Override
          void thread(long objectId, int traceSerial) {
            if (wanted.contains(objectId)) {
              traces.put(objectId, traceSerial);
            }
          }
        });
    return traces;
  }

  /** The symbols with these ids. */
  Map<Long, String> texts(Set<Long> ids) throws IOException {
    Map<Long, String> found = new HashMap<>();
    file.read(
        new Beside() {
          @Override
          boolean wantsText(long id, int length) {
            return ids.contains(id);
          }

          @Override
          void text(long id, String text) {
            found.put(id, text);
          }
        });
    return found;
  }

  /** Passes over the heap itself. */
  private static class Beside extends HprofFile.Visitor {
    @Override
    final boolean wantsHeap() {
      return false;
    }
  }
}
