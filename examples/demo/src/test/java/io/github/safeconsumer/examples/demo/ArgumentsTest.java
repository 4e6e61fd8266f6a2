package io.github.safeconsumer.examples.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ArgumentsTest {
  private static final Path DIRECTORY = Path.of("target").toAbsolutePath();

  private static Optional<Arguments> of(String... words) {
    return Arguments.of(List.of(words), DIRECTORY);
  }

  @Test
  void shouldRunInFullAndReportIntoTheDirectoryUnlessToldOtherwise() {
    assertThat(of()).contains(new Arguments(Scale.FULL, DIRECTORY.resolve("report.html")));
    assertThat(of("--short"))
        .contains(new Arguments(Scale.SHORT, DIRECTORY.resolve("report.html")));
  }

  @Test
  void shouldReportWhereItIsTold() {
    Path file = DIRECTORY.resolve("elsewhere.html");

    assertThat(of("--report", file.toString(), "--short"))
        .contains(new Arguments(Scale.SHORT, file));
  }

  @ParameterizedTest
  @ValueSource(strings = {"--long", "--report", "report.html", "--short --report"})
  void shouldRefuseWhatMeansNothing(String words) {
    assertThat(of(words.split(" "))).isEmpty();
  }
}
