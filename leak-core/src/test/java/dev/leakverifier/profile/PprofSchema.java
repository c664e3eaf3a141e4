package dev.leakverifier.profile;

import com.google.common.base.Splitter;
import com.google.protobuf.DescriptorProtos.DescriptorProto;
import com.google.protobuf.DescriptorProtos.FieldDescriptorProto;
import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.DescriptorValidationException;
import com.google.protobuf.Descriptors.FileDescriptor;
import java.util.List;

/** What github.com/google/pprof/proto/profile.proto says: numbers, names and types of fields. */
final class PprofSchema {
  private static final String MESSAGES =
      """
      Profile: 1 sample_type ValueType*, 2 sample Sample*, 3 mapping Mapping*, 4 location Location*, \
      5 function Function*, 6 string_table string*, 7 drop_frames int64, 8 keep_frames int64, \
      9 time_nanos int64, 10 duration_nanos int64, 11 period_type ValueType, 12 period int64, \
      13 comment int64*, 14 default_sample_type int64
      ValueType: 1 type int64, 2 unit int64
      Sample: 1 location_id uint64*, 2 value int64*, 3 label Label*
      Label: 1 key int64, 2 str int64, 3 num int64, 4 num_unit int64
      Mapping: 1 id uint64, 2 memory_start uint64, 3 memory_limit uint64, 4 file_offset uint64, \
      5 filename int64, 6 build_id int64, 7 has_functions bool, 8 has_filenames bool, \
      9 has_line_numbers bool, 10 has_inline_frames bool
      Location: 1 id uint64, 2 mapping_id uint64, 3 address uint64, 4 line Line*, 5 is_folded bool
      Line: 1 function_id uint64, 2 line int64
      Function: 1 id uint64, 2 name int64, 3 system_name int64, 4 filename int64, 5 start_line int64
      """;

  private PprofSchema() {}

  /** The message that a file holds. */
  static Descriptor profile() throws DescriptorValidationException {
    FileDescriptorProto.Builder file =
        FileDescriptorProto.newBuilder()
            .setName("profile.proto")
            .setSyntax("proto3")
            .setPackage("perftools.profiles");
    MESSAGES.lines().forEach(line -> file.addMessageType(message(line)));
    return FileDescriptor.buildFrom(file.build(), new FileDescriptor[0])
        .findMessageTypeByName("Profile");
  }

  private static DescriptorProto message(String line) {
    List<String> parts = Splitter.on(": ").splitToList(line);
    DescriptorProto.Builder message = DescriptorProto.newBuilder().setName(parts.get(0));
    for (String field : Splitter.on(',').trimResults().split(parts.get(1))) {
      message.addField(field(Splitter.on(' ').splitToList(field)));
    }
    return message.build();
  }

  private static FieldDescriptorProto field(List<String> parts) {
    boolean repeated = parts.get(2).endsWith("*");
    String type = parts.get(2).replace("*", "");
    FieldDescriptorProto.Builder field =
        FieldDescriptorProto.newBuilder()
            .setNumber(Integer.parseInt(parts.get(0)))
            .setName(parts.get(1))
            .setLabel(
                repeated
                    ? FieldDescriptorProto.Label.LABEL_REPEATED
                    : FieldDescriptorProto.Label.LABEL_OPTIONAL);
    return switch (type) {
      case "int64" -> field.setType(FieldDescriptorProto.Type.TYPE_INT64).build();
      case "uint64" -> field.setType(FieldDescriptorProto.Type.TYPE_UINT64).build();
      case "bool" -> field.setType(FieldDescriptorProto.Type.TYPE_BOOL).build();
      case "string" -> field.setType(FieldDescriptorProto.Type.TYPE_STRING).build();
      default ->
          field
              .setType(FieldDescriptorProto.Type.TYPE_MESSAGE)
              .setTypeName(".perftools.profiles." + type)
              .build();
    };
  }
}
