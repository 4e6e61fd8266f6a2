package io.github.safeconsumer.internal.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HumanTest {

  @ParameterizedTest
  @CsvSource({
    "PT0S, 0 s",
    "PT0.25S, 250 ms",
    "PT0.000000001S, 0.000001 ms",
    "PT1S, 1 s",
    "PT1.5S, 1.5 s",
    "PT100S, 100 s",
    "PT120S, 120 s",
    "PT121S, 2 min 1 s",
    "PT27M7S, 27 min 7 s",
    "PT10M, 10 min",
    "PT1H45M, 1 h 45 min",
    "P30D, 30 d",
    "P1DT0.5S, 1 d 0.5 s",
    "PT-1S, PT-1S"
  })
  void shouldReadAsAPersonWouldWrite(Duration duration, String text) {
    assertThat(Human.text(duration)).isEqualTo(text);
  }
}
