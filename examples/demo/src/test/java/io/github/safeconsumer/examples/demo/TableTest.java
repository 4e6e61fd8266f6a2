package io.github.safeconsumer.examples.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class TableTest {
  private final Standing behind =
      new Standing(
          "naive loop",
          List.of(8_000L, 0L),
          900,
          12,
          31,
          2_412,
          118,
          OptionalLong.empty(),
          Duration.ofSeconds(82),
          "member 0 crashed");
  private final Standing done =
      new Standing(
          "SafeConsumer",
          List.of(0L, 0L),
          38_000,
          489,
          0,
          0,
          96,
          OptionalLong.of(72),
          Duration.ofSeconds(79),
          "");

  @Test
  void shouldPutTheGroupsSideBySide() {
    assertThat(Table.lines(List.of(behind, done)))
        .containsExactly(
            "                              naive loop    SafeConsumer",
            "lag of partition 0                 8,000               0",
            "lag of partition 1                     0               0",
            "orders per second                     12             489",
            "rebalances                            31               0",
            "duplicates                         2,412               0",
            "retried                              118              96",
            "dead-lettered                          -              72",
            "time                                1:22    done in 1:19");
  }

  @Test
  void shouldDrawOverTheLastTableInATerminal() {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    Display display = Display.on(new PrintStream(bytes), true);
    display.show(List.of(behind, done));
    assertThat(bytes.toString()).doesNotContain("\u001b").contains("member 0 crashed");

    display.show(List.of(behind, done));
    assertThat(bytes.toString()).contains("\u001b[12A");
  }

  @Test
  void shouldPrintALineForEachGroupElsewhere() {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    Display.on(new PrintStream(bytes), false).show(List.of(behind, done));
    assertThat(bytes.toString().lines())
        .containsExactly(
            "1:22 naive loop   lag 8,000, 12/s, 31 rebalances, 2,412 duplicates, 118 retried, -"
                + " dead-lettered",
            "1:19 SafeConsumer lag 0, 489/s, 0 rebalances, 0 duplicates, 96 retried, 72"
                + " dead-lettered");
  }
}
