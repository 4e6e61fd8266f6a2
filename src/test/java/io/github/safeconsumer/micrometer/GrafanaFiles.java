package io.github.safeconsumer.micrometer;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.StreamSupport;

/** The dashboard and the alert rules in docs/grafana. */
final class GrafanaFiles {
  private static final Path DIRECTORY = Path.of("docs", "grafana");

  private GrafanaFiles() {}

  static JsonNode dashboard() {
    try {
      return new ObjectMapper().readTree(DIRECTORY.resolve("safeconsumer.json").toFile());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Without the rows that only have a title. */
  static List<JsonNode> panels() {
    return list(dashboard().get("panels")).stream()
        .filter(panel -> !panel.get("type").asText().equals("row"))
        .toList();
  }

  static List<Asked> ofDashboard() {
    List<Asked> all = new ArrayList<>();
    for (JsonNode panel : panels()) {
      for (JsonNode target : panel.get("targets")) {
        all.add(
            new Asked(
                panel.get("title").asText(),
                target.get("expr").asText(),
                target.get("legendFormat").asText()));
      }
    }
    return all;
  }

  /** The lines of the rules, each with the name, the expression and the summary of one. */
  static List<Asked> ofRules() {
    List<Asked> all = new ArrayList<>();
    String name = "";
    String expression = "";
    for (String line : lines("alerts.yml")) {
      String text = line.strip();
      if (text.startsWith("- alert: ")) {
        name = text.substring("- alert: ".length());
      } else if (text.startsWith("expr: ")) {
        expression = text.substring("expr: ".length());
      } else if (text.startsWith("summary: ")) {
        all.add(new Asked(name, expression, text));
      }
    }
    return all;
  }

  static List<String> lines(String file) {
    try {
      return Files.readAllLines(DIRECTORY.resolve(file));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static List<JsonNode> list(JsonNode array) {
    return StreamSupport.stream(array.spliterator(), false).toList();
  }
}
