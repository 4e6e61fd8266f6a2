package io.github.safeconsumer.documentation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import io.github.safeconsumer.documentation.Documents.Block;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The first sample of docs/TESTING.md is a test, and it passes. */
class TestingPageTest {
  private static final Path PAGE = Path.of("docs/TESTING.md");

  @TempDir private Path directory;

  @Test
  void shouldPassTheTestThatItShows() throws Exception {
    Block sample = Documents.blocks(PAGE, "java").get(0);
    assertThat(Samples.compile(PAGE, Function.identity(), directory)).isEmpty();

    try (URLClassLoader loader =
        new URLClassLoader(
            new URL[] {directory.toUri().toURL()}, TestingPageTest.class.getClassLoader())) {
      loader.setDefaultAssertionStatus(true);
      Class<?> shown = loader.loadClass(Samples.className(sample));
      assertThat(shown.desiredAssertionStatus()).as("its assertions count").isTrue();

      assertThatCode(() -> shown.getMethod("main", String[].class).invoke(null, (Object) null))
          .doesNotThrowAnyException();
    }
  }
}
