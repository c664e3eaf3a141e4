package dev.leakverifier.heap;

/**
 * Where a way through the heap begins. Objects are numbers of {@link HeapIndex}.
 *
 * @param object what is held
 * @param type the id of the class whose static field holds it; else 0
 * @param field the id of that field's name; else 0
 * @param thread the thread whose frame holds it; else negative
 * @param frame the number of that frame, the topmost is 0; negative if it is not known
 */
record Root(Kind kind, int object, long type, long field, int thread, int frame) {
  /** Who holds it. */
  enum Kind {
    STATIC_FIELD,
    FRAME,
    /** It is a thread that is alive. */
    THREAD,
    /** The JVM, or native code. */
    JVM,
    /** A static list of the JVM's, or of this check's, from which no program could go on. */
    LIST,
    /** The dump does not tell: running code, mostly, which the JIT compiler has optimised. */
    UNSEEN
  }

  static Root ofStatic(int object, long type, long field) {
    return new Root(Kind.STATIC_FIELD, object, type, field, -1, -1);
  }

  static Root ofFrame(int object, int thread, int frame) {
    return new Root(Kind.FRAME, object, 0, 0, thread, frame);
  }

  static Root of(Kind kind, int object) {
    return new Root(kind, object, 0, 0, -1, -1);
  }

  boolean isStatic() {
    return kind == Kind.STATIC_FIELD;
  }
}
