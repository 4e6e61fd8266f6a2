package io.github.safeconsumer.planted;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * A design bug, as a file of src/planted describes it.
 *
 * <pre>
 * A title of one line
 *
 * What the bug is, in plain words.
 *
 * file: internal/shell/Flow.java
 * find:
 * the text as it stands there, once
 * replace:
 * the text with the bug
 * end
 *
 * caught by: SomeTest.shouldDoSo, OtherTest.shouldDoThat
 * simulation: what it says about it
 * </pre>
 *
 * @param tests that have to fail, each of them
 * @param simulation whether simulated schedules find it
 */
public record PlantedBug(
    String id, String title, String text, List<Edit> edits, List<String> tests, String simulation) {
  private static final Path DIRECTORY = Path.of("src", "planted");
  private static final String SUFFIX = ".bug";
  private static final String PACKAGES = "io/github/safeconsumer";

  /**
   * A change of one file.
   *
   * @param file below the package of the library
   */
  public record Edit(String file, String find, String replace) {
    /** Plants it; fails when the text is not there exactly once. */
    String in(String source) {
      int at = source.indexOf(find);
      if (find.isBlank() || at < 0 || source.indexOf(find, at + 1) >= 0) {
        throw new IllegalStateException(
            "cannot be planted in " + file + ", its text is not there exactly once:\n" + find);
      }
      return source.substring(0, at) + replace + source.substring(at + find.length());
    }
  }

  /** All of them, by name. */
  public static List<PlantedBug> all() {
    try (Stream<Path> files = Files.list(DIRECTORY)) {
      return files
          .filter(file -> file.toString().endsWith(SUFFIX))
          .sorted()
          .map(PlantedBug::read)
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static PlantedBug read(Path file) {
    String name = file.getFileName().toString();
    try {
      return parse(name.substring(0, name.length() - SUFFIX.length()), Files.readAllLines(file));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (RuntimeException malformed) {
      throw new IllegalStateException(file + ": " + malformed.getMessage(), malformed);
    }
  }

  static PlantedBug parse(String id, List<String> lines) {
    List<Edit> edits = new ArrayList<>();
    List<String> text = new ArrayList<>();
    List<String> tests = new ArrayList<>();
    String simulation = "";
    String file = "";
    for (int i = 1; i < lines.size(); i++) {
      String line = lines.get(i);
      if (line.startsWith("file: ")) {
        file = line.substring("file: ".length());
      } else if (line.equals("find:")) {
        int replace = indexOf(lines, "replace:", i);
        int end = indexOf(lines, "end", replace);
        edits.add(new Edit(file, join(lines, i + 1, replace), join(lines, replace + 1, end)));
        i = end;
      } else if (line.startsWith("caught by: ")) {
        tests.addAll(List.of(line.substring("caught by: ".length()).split(", ")));
      } else if (line.startsWith("simulation: ")) {
        simulation = line.substring("simulation: ".length());
      } else if (!line.isBlank()) {
        text.add(line);
      }
    }
    if (edits.isEmpty() || tests.isEmpty() || simulation.isEmpty() || text.isEmpty()) {
      throw new IllegalArgumentException(
          "a bug has a text, an edit, tests and a word about the simulation");
    }
    return new PlantedBug(
        id, lines.get(0), String.join(" ", text), edits, List.copyOf(tests), simulation);
  }

  private static int indexOf(List<String> lines, String line, int after) {
    for (int i = after; i < lines.size(); i++) {
      if (lines.get(i).equals(line)) {
        return i;
      }
    }
    throw new IllegalArgumentException("no line '" + line + "' after line " + after);
  }

  private static String join(List<String> lines, int from, int to) {
    return String.join("\n", lines.subList(from, to)) + "\n";
  }

  /** Plants the edits in the sources under this root (a copy of src/main/java). What it changed. */
  static Set<Path> plant(Path root, List<Edit> edits) {
    Set<Path> changed = new TreeSet<>();
    for (Edit edit : edits) {
      Path source = root.resolve(PACKAGES).resolve(edit.file());
      try {
        Files.writeString(source, edit.in(Files.readString(source)));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      changed.add(source);
    }
    return changed;
  }
}
