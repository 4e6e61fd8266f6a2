package io.github.safeconsumer.examples.faults;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The same results for programs. */
final class Json {
  private static final ObjectMapper MAPPER =
      new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

  private Json() {}

  static void write(Path file, Arguments arguments, List<Row> rows) {
    Map<String, Object> document = new LinkedHashMap<>();
    document.put("scale", arguments.scale() == Scale.SHORT ? "short" : "full");
    document.put("seed", arguments.seed());
    document.put("rows", rows.stream().map(Json::row).toList());
    try {
      MAPPER.writeValue(file.toFile(), document);
    } catch (IOException e) {
      throw new UncheckedIOException("could not write " + file, e);
    }
  }

  static Map<String, Object> row(Row row) {
    Result result = row.result();
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("fault", row.fault());
    fields.put("loop", row.side().name().toLowerCase(Locale.ROOT));
    fields.put("outcome", result.outcome().name().toLowerCase(Locale.ROOT));
    fields.put("notDone", result.notDone());
    fields.put("lost", result.lost());
    fields.put("duplicated", result.duplicated());
    fields.put("deadLettered", result.deadLettered().stream().map(Place::toString).toList());
    fields.put("attempts", result.attempts());
    fields.put("deaths", result.deaths());
    fields.put("rebalances", result.rebalances());
    fields.put("millis", result.time().map(Duration::toMillis).orElse(null));
    fields.put("violations", row.violations());
    return fields;
  }
}
