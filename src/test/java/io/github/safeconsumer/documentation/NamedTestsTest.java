package io.github.safeconsumer.documentation;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** A document that says "held by SuchTest" names a test that exists. */
class NamedTestsTest {
  private static final Pattern NAME = Pattern.compile("`([A-Z]\\w*(?:Test|IT))(?:\\.(\\w+))?`");

  @Test
  void shouldNameTestsThatExist() throws IOException {
    Set<String> known = testClasses();
    Set<String> unknown = new TreeSet<>();
    Set<String> named = new TreeSet<>();
    for (Path document : Documents.all()) {
      Matcher name = NAME.matcher(String.join("\n", Documents.lines(document)));
      while (name.find()) {
        named.add(name.group(1));
        if (!known.contains(name.group(1))) {
          unknown.add(document + ": " + name.group(1));
        }
      }
    }
    assertThat(named).isNotEmpty();
    assertThat(unknown).isEmpty();
  }

  private static Set<String> testClasses() throws IOException {
    try (Stream<Path> files = Files.walk(Path.of("src", "test", "java"))) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> name.endsWith(".java"))
          .map(name -> name.substring(0, name.length() - ".java".length()))
          .collect(Collectors.toSet());
    }
  }
}
