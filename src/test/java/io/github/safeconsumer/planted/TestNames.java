package io.github.safeconsumer.planted;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The project's test classes by their short names, which are all different. */
final class TestNames {
  private static final Path SOURCES = Path.of("src", "test", "java");

  private final Map<String, Path> files;

  private TestNames(Map<String, Path> files) {
    this.files = files;
  }

  static TestNames ofTheProject() {
    Map<String, Path> files = new TreeMap<>();
    try (Stream<Path> paths = Files.walk(SOURCES)) {
      paths
          .filter(path -> path.toString().endsWith("Test.java"))
          .forEach(path -> files.put(path.getFileName().toString().replace(".java", ""), path));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return new TestNames(files);
  }

  /** Whether there is such a test: {@code Class.method}. */
  boolean exists(String test) {
    String[] parts = test.split("\\.", -1);
    Path file = files.get(parts[0]);
    if (file == null || parts.length != 2) {
      return false;
    }
    try {
      return Pattern.compile("@\\w*Test\\s+(@\\w+(\\([^)]*\\))?\\s+)*void " + parts[1] + "\\(")
          .matcher(Files.readString(file))
          .find();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** As JUnit wants it: {@code package.Class#method}. */
  String selector(String test) {
    String[] parts = test.split("\\.", -1);
    Path file = files.get(parts[0]);
    if (file == null || parts.length != 2) {
      throw new IllegalArgumentException("there is no test " + test);
    }
    String name = SOURCES.relativize(file).toString().replace(".java", "");
    return name.replace('/', '.').replace('\\', '.') + "#" + parts[1];
  }
}
