package dev.leakverifier.page;

import static com.google.common.collect.ImmutableList.toImmutableList;

import com.google.common.collect.ImmutableList;
import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The schema in {@code docs}. */
public final class JsonSchema {
  private static final Schema SCHEMA = read();

  private JsonSchema() {}

  /** What is wrong with {@code json}; empty if it is as the schema says. */
  public static ImmutableList<String> errorsIn(String json) {
    return SCHEMA.validate(json, InputFormat.JSON).stream()
        .map(error -> error.toString())
        .collect(toImmutableList());
  }

  private static Schema read() {
    try {
      return SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
          .getSchema(
              Files.readString(Path.of("../docs/leak-report.schema.json")), InputFormat.JSON);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
