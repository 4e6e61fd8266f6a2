package io.github.safeconsumer.examples.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class TableTest {
  private final Table table = Table.of("speed", "subject", "rate", "x bare");

  @Test
  void shouldAlignFiguresWhenTheyDifferInLength() {
    table.row(List.of("bare", "1,000", "1"));
    table.row(List.of("safe-key", "900", "0.90"));
    table.note("a note");

    assertThat(table.text())
        .isEqualTo(
            """
            speed
            subject    rate  x bare
            bare      1,000       1
            safe-key    900    0.90
              a note
            """);
  }

  @Test
  void shouldNotWidenAColumnWhenARowEndsInASentence() {
    table.row(List.of("bare", "1,000", "1"));
    table.row(List.of("spring", "was not built, so it was not run"));

    assertThat(table.text())
        .contains("bare     1,000       1\n")
        .contains("spring   was not built, so it was not run\n");
  }

  @Test
  void shouldFillTheRowWhenMarkdownWantsAllCells() {
    table.row(List.of("a|b", "why not"));

    assertThat(table.markdown())
        .contains("| subject | rate | x bare |\n|---|--:|--:|\n| a\\|b | why not |  |\n");
  }
}
