package io.github.safeconsumer.documentation;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.safeconsumer.documentation.Documents.Block;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What a reader copies compiles. See {@link Samples} for how fragments are completed. */
class DocSamplesTest {
  private static final Path README = Path.of("README.md");
  private static final int A_SCREEN = 25;

  @TempDir private Path directory;

  @ParameterizedTest
  @MethodSource("documents")
  void shouldCompileEverySample(Path document) {
    assertThat(Samples.compile(document, Function.identity(), directory)).isEmpty();
  }

  @Test
  void shouldShowTheFirstSampleOnTheFirstScreen() {
    List<Block> samples = Documents.blocks(README, "java");

    assertThat(samples).isNotEmpty();
    assertThat(samples.get(0).line()).isLessThanOrEqualTo(A_SCREEN);
    assertThat(Samples.isWholeFile(samples.get(0))).as("can be copied and run").isTrue();
  }

  @Test
  void shouldNameFileAndLineOfASampleThatDoesNotCompile() throws IOException {
    Path document = directory.resolve("wrong.md");
    Files.writeString(
        document,
        """
        Text.

        ```java
        consumer.pause();
        consumer.sing();
        ```

        ```java
        import java.util.Map;
        int count = "two";
        ```

        ```java
        class Whole {
          Missing field;
        }
        ```
        """);

    assertThat(Samples.compile(document, Function.identity(), directory))
        .hasSize(3)
        .anyMatch(complaint -> complaint.startsWith(document + ":5: ERROR"))
        .anyMatch(complaint -> complaint.startsWith(document + ":10: ERROR"))
        .anyMatch(complaint -> complaint.startsWith(document + ":15: ERROR"));
  }

  static Stream<Path> documents() {
    return Documents.all().stream();
  }
}
