package io.github.safeconsumer.examples.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Runs the JMH benchmarks of {@code peers/micro} in a JVM of their own. */
final class Micro {
  static final String NAME = "micro";
  private static final List<String> USUALLY =
      List.of("-f", "1", "-wi", "3", "-w", "1", "-i", "5", "-r", "1", "-prof", "gc");

  private Micro() {}

  /**
   * Ends with JMH's own exit code.
   *
   * @param arguments JMH's; none for those of a short look, with the bytes allocated
   */
  static int run(Path project, List<String> arguments) throws IOException, InterruptedException {
    String classPath =
        new ClassPaths(project.resolve("peers"))
            .find(NAME)
            .orElseThrow(() -> new IllegalStateException("peers/micro was not built"));
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-cp", classPath, "org.openjdk.jmh.Main"));
    command.addAll(arguments.isEmpty() ? USUALLY : arguments);
    return new ProcessBuilder(command).inheritIO().start().waitFor();
  }
}
