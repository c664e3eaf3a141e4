package dev.leakverifier.heap;

import java.io.IOException;
import java.nio.ByteBuffer;

/** What is wanted of one reading of a heap dump, and gets it. Ids are those in the dump. */
abstract class HprofVisitor {
  /** Passes over the heap itself: classes, objects and roots. */
  static class Beside extends HprofVisitor {
    @Override
    final boolean wantsHeap() {
      return false;
    }
  }

  /** Whether the heap itself is wanted; names, threads' stacks and numbers stand beside it. */
  boolean wantsHeap() {
    return true;
  }

  boolean wantsText(long id) {
    return false;
  }

  void text(long id, String text) {}

  void loaded(int serial, long classId, long nameId) {}

  void frame(long id, long methodId, long sourceId, int classSerial, int line) {}

  void trace(int serial, long[] frameIds) {}

  void thread(long objectId, int threadSerial, int traceSerial) {}

  /**
   * What the JVM holds by itself.
   *
   * @param threadSerial the thread whose frame it is; 0 if it is none
   * @param frame the number of the frame, from the topmost; negative if that is not known
   */
  void root(long id, int threadSerial, int frame) {}

  /** A class, with its own instance fields. */
  void type(long id, long superId, long[] fieldIds, byte[] fieldTypes) {}

  /** The static fields of a class; the value of one that refers to no object is 0. */
  void statics(long classId, long[] fieldIds, long[] values) {}

  /** An object that may refer to others: a class (of class 0), an instance, an array of objects. */
  void object(long id, long classId) {}

  boolean wantsFields(long id, long classId) {
    return false;
  }

  /** The fields of its class come first, then those of the class above. Read them at once. */
  void fields(long id, long classId, ByteBuffer content) throws IOException {}

  boolean wantsElements(long id) {
    return false;
  }

  /** An element of the array of objects that came last; 0 for none. */
  void element(long id) {}

  boolean wantsBytes(long id) {
    return false;
  }

  void bytes(long id, byte[] content) {}
}
