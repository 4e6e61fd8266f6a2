package io.github.safeconsumer.documentation;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.apache.kafka.common.acl.AclOperation;

/** The project's documents: README.md and docs/*.md. */
final class Documents {
  private static final Path README = Path.of("README.md");
  private static final Path DOCS = Path.of("docs");

  private Documents() {}

  /** A fenced block of code. */
  record Block(Path file, int line, String language, String code) {
    @Override
    public String toString() {
      return file + ":" + line;
    }
  }

  /** README.md first, then docs/ by name. */
  static List<Path> all() {
    List<Path> files = new ArrayList<>(List.of(README));
    try (Stream<Path> docs = Files.list(DOCS)) {
      docs.filter(file -> file.toString().endsWith(".md")).sorted().forEach(files::add);
    } catch (IOException e) {
      throw new UncheckedIOException("could not list " + DOCS, e);
    }
    return files;
  }

  static List<String> lines(Path file) {
    try {
      return Files.readAllLines(file);
    } catch (IOException e) {
      throw new UncheckedIOException("could not read " + file, e);
    }
  }

  /** All blocks in this language; a block's line is that of its first line of code. */
  static List<Block> blocks(Path file, String language) {
    List<Block> blocks = new ArrayList<>();
    List<String> lines = lines(file);
    for (int i = 0; i < lines.size(); i++) {
      if (!lines.get(i).startsWith("```")) {
        continue;
      }
      int first = i + 1;
      int end = first;
      while (end < lines.size() && !lines.get(end).startsWith("```")) {
        end++;
      }
      if (lines.get(i).substring(3).trim().equals(language)) {
        blocks.add(
            new Block(
                file, first + 1, language, String.join("\n", lines.subList(first, end)) + "\n"));
      }
      i = end;
    }
    return blocks;
  }

  /** As kafka-acls spells it. */
  static AclOperation operation(String name) {
    return Arrays.stream(AclOperation.values())
        .filter(o -> o.name().replace("_", "").equalsIgnoreCase(name))
        .findFirst()
        .orElseThrow(() -> new AssertionError("no operation is called " + name));
  }
}
