package io.github.safeconsumer.examples.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * The results as files: all raw figures as JSON, the tables as Markdown, a plot of each scenario.
 */
final class Output {
  private static final ObjectMapper JSON =
      new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

  private final Options options;

  Output(Options options) {
    this.options = options;
  }

  void write(List<ScenarioResult> results) throws IOException {
    Path directory = options.directory();
    JSON.writeValue(directory.resolve("results.json").toFile(), document(results));
    Files.writeString(
        directory.resolve("results.md"),
        results.stream()
            .flatMap(result -> new Report(result).tables().stream())
            .map(Table::markdown)
            .collect(Collectors.joining("\n")));
    for (ScenarioResult result : results) {
      Files.writeString(
          directory.resolve(result.scenario().name() + ".svg"), new Plot(result).svg());
    }
  }

  private Map<String, Object> document(List<ScenarioResult> results) {
    Map<String, Object> document = new LinkedHashMap<>();
    document.put("machine", machine());
    document.put("rounds", options.rounds());
    document.put("warmUps", options.warmUps());
    document.put("seed", options.seed());
    document.put("short", options.sizes().isShort());
    document.put("client", options.client());
    document.put("flags", Child.JVM_FLAGS);
    document.put("scenarios", results);
    return document;
  }

  private static Map<String, Object> machine() {
    Map<String, Object> machine = new LinkedHashMap<>();
    machine.put("cores", Runtime.getRuntime().availableProcessors());
    machine.put("os", System.getProperty("os.name") + " " + System.getProperty("os.version"));
    machine.put("java", System.getProperty("java.vm.name") + " " + Runtime.version());
    return machine;
  }
}
