package dev.leakverifier.opened;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The type that the project's code names where it calls a function: what is on the stack is the
 * class that declares the function, which may be an internal one or an abstract one.
 */
final class NamedTypes {
  private static final int UTF8 = 1;
  private static final int CLASS = 7;
  private static final int METHOD = 10;
  private static final int INTERFACE_METHOD = 11;
  private static final int NAME_AND_TYPE = 12;

  private NamedTypes() {}

  /**
   * The one type of which the class of {@code caller} calls such a method, if it is {@code
   * declaring}, or above or below that; else {@code declaring}.
   */
  static Class<?> of(StackTraceElement caller, Class<?> declaring, String method) {
    List<Class<?>> types =
        ownersOf(method, caller.getClassName()).stream()
            .distinct()
            .flatMap(name -> find(name).stream())
            .filter(type -> type.isAssignableFrom(declaring) || declaring.isAssignableFrom(type))
            .filter(type -> !type.getName().startsWith("java.")) // what any library may implement
            .toList();
    return types.size() == 1 ? types.get(0) : declaring;
  }

  /** A class that is on a stack, and so is loaded; empty if another class loader has it. */
  static Optional<Class<?>> find(String name) {
    try {
      return Optional.of(
          Class.forName(name, /* initialize= */ false, NamedTypes.class.getClassLoader()));
    } catch (ClassNotFoundException | LinkageError e) {
      return Optional.empty();
    }
  }

  private static List<String> ownersOf(String method, String className) {
    String file = className.replace('.', '/') + ".class";
    ClassLoader ours = NamedTypes.class.getClassLoader();
    try (InputStream in =
        ours == null
            ? ClassLoader.getSystemResourceAsStream(file)
            : ours.getResourceAsStream(file)) {
      return in == null ? List.of() : owners(new DataInputStream(in), method);
    } catch (IOException e) {
      return List.of();
    }
  }

  /** Reads the constants of a class file, as the JVM's specification lays them out. */
  private static List<String> owners(DataInputStream in, String method) throws IOException {
    in.readInt(); // the magic number
    in.readInt(); // the version
    int count = in.readUnsignedShort();
    int[] tags = new int[count];
    int[] first = new int[count];
    int[] second = new int[count];
    String[] texts = new String[count];
    for (int i = 1; i < count; i++) {
      tags[i] = in.readUnsignedByte();
      switch (tags[i]) {
        case UTF8 -> texts[i] = in.readUTF();
        case CLASS, 8, 16, 19, 20 -> first[i] = in.readUnsignedShort();
        case METHOD, INTERFACE_METHOD, NAME_AND_TYPE, 3, 4, 9, 17, 18 -> {
          first[i] = in.readUnsignedShort();
          second[i] = in.readUnsignedShort();
        }
        case 5, 6 -> {
          in.readLong();
          i++; // a long takes two places
        }
        case 15 -> in.skipBytes(3);
        default -> throw new IOException("no constant has the tag " + tags[i]);
      }
    }
    List<String> owners = new ArrayList<>();
    for (int i = 1; i < count; i++) {
      if ((tags[i] == METHOD || tags[i] == INTERFACE_METHOD)
          && method.equals(texts[first[second[i]]])) {
        owners.add(texts[first[first[i]]].replace('/', '.'));
      }
    }
    return owners;
  }
}
