package io.github.safeconsumer.examples.demo.report;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AxisTest {
  @ParameterizedTest
  @CsvSource({
    "1, 1, 1",
    "5, 5, 1",
    "6, 6, 2",
    "31.4, 40, 10",
    "8000, 8000, 2000",
    "8001, 10000, 2000"
  })
  void shouldEndAtARoundNumberThatHoldsTheValue(double most, long end, long step) {
    assertThat(Axis.holding(most, 5)).isEqualTo(new Axis(end, step));
  }

  @Test
  void shouldHaveTicksFromTheBeginningToTheEnd() {
    assertThat(Axis.holding(31.4, 5).ticks()).containsExactly(0L, 10L, 20L, 30L, 40L);
  }

  @Test
  void shouldPlaceAValueByItsShareOfTheWhole() {
    assertThat(new Axis(40, 10).share(30)).isEqualTo(0.75);
  }
}
