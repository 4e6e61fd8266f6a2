package io.github.safeconsumer.internal.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/**
 * What may be committed is exactly the contiguous done prefix, whatever the order of completion.
 */
class LedgerTest {
  /** The obvious implementation: every registered offset with its flag, never forgotten. */
  private static final class Model {
    private final TreeMap<Long, Boolean> done = new TreeMap<>();
    private long next;

    Model(long start) {
      next = start;
    }

    void register(long offset) {
      done.put(offset, false);
      next = offset + 1;
    }

    boolean complete(long offset) {
      return Boolean.FALSE.equals(done.replace(offset, true));
    }

    void skipTo(long position) {
      if (open() == 0 && position > next) {
        next = position;
      }
    }

    int open() {
      return (int) done.values().stream().filter(d -> !d).count();
    }

    long watermark() {
      return done.entrySet().stream()
          .filter(e -> !e.getValue())
          .mapToLong(e -> e.getKey())
          .findFirst()
          .orElse(next);
    }
  }

  @Test
  void shouldAgreeWithTheNaiveModelWhateverTheOrderGapsAndDuplicates() {
    Seeds.each(
        40,
        random -> {
          long start =
              random.nextInt(4) == 0 ? Long.MAX_VALUE - 1_000_000 : random.nextInt(1_000_000);
          Ledger ledger = new Ledger(start);
          Model model = new Model(start);
          List<Long> known = new ArrayList<>();
          long before = ledger.watermark();
          for (int i = 0; i < 600; i++) {
            step(random, ledger, model, known);
            assertThat(ledger.watermark()).as("watermark").isEqualTo(model.watermark());
            assertThat(ledger.next()).as("next").isEqualTo(model.next);
            assertThat(ledger.open()).as("open").isEqualTo(model.open());
            assertThat(ledger.watermark()).as("never falls").isGreaterThanOrEqualTo(before);
            assertThat(ledger.span()).as("span").isGreaterThanOrEqualTo(ledger.open());
            before = ledger.watermark();
          }
        });
  }

  private static void step(Random random, Ledger ledger, Model model, List<Long> known) {
    switch (random.nextInt(8)) {
      case 0, 1, 2 -> {
        for (int n = random.nextInt(30); n > 0; n--) {
          long offset = model.next + (random.nextInt(5) == 0 ? random.nextInt(100) : 0);
          ledger.register(offset);
          model.register(offset);
          known.add(offset);
        }
      }
      case 3 -> {
        long position = model.next + random.nextInt(5) - 2;
        ledger.skipTo(position);
        model.skipTo(position);
      }
      case 4 -> {
        long strange = model.next + random.nextInt(400) - 300;
        assertThat(ledger.complete(strange))
            .as("complete %d", strange)
            .isEqualTo(model.complete(strange));
      }
      default -> {
        for (int n = random.nextInt(25); n > 0 && !known.isEmpty(); n--) {
          // mostly near the front, so that the ring also empties and wraps
          int index = random.nextInt(3) == 0 ? random.nextInt(known.size()) : 0;
          long offset = random.nextInt(10) == 0 ? known.get(index) : known.remove(index);
          assertThat(ledger.complete(offset))
              .as("complete %d", offset)
              .isEqualTo(model.complete(offset));
        }
      }
    }
  }

  @Test
  void shouldKeepTheWatermarkBelowEveryOpenRecordWhenLaterOnesAreDone() {
    Ledger ledger = new Ledger(10);
    for (long offset = 10; offset < 500; offset++) {
      ledger.register(offset);
    }
    for (long offset = 499; offset > 10; offset--) {
      assertThat(ledger.complete(offset)).isTrue();
      assertThat(ledger.watermark()).isEqualTo(10);
    }
    ledger.skipTo(1_000);
    assertThat(ledger.watermark()).as("10 is still open").isEqualTo(10);

    assertThat(ledger.complete(10)).isTrue();
    assertThat(ledger.watermark()).isEqualTo(500);
    assertThat(ledger.span()).isZero();
  }

  @Test
  void shouldCommitPastGapsAndTrailingMarkersOnlyOnceNothingIsOpen() {
    Ledger ledger = new Ledger(0);
    ledger.register(3);
    ledger.register(9);
    assertThat(ledger.watermark()).as("the first record there is").isEqualTo(3);
    ledger.complete(3);
    assertThat(ledger.watermark()).isEqualTo(9);
    ledger.complete(9);
    assertThat(ledger.watermark()).isEqualTo(10);
    ledger.skipTo(11);
    assertThat(ledger.watermark()).as("a trailing marker").isEqualTo(11);
    ledger.skipTo(5);
    assertThat(ledger.watermark()).as("never falls").isEqualTo(11);
  }

  @Test
  void shouldChangeNothingForOffsetsThatAreUnknownOrDone() {
    Ledger ledger = new Ledger(5);
    ledger.register(5);
    ledger.register(8);
    assertThat(ledger.complete(6)).as("a gap").isFalse();
    assertThat(ledger.complete(4)).as("below the start").isFalse();
    assertThat(ledger.complete(9)).as("not polled yet").isFalse();
    assertThat(ledger.complete(8)).isTrue();
    assertThat(ledger.complete(8)).as("twice").isFalse();
    assertThat(ledger.open()).isEqualTo(1);
    assertThat(ledger.watermark()).isEqualTo(5);
  }

  @Test
  void shouldRefuseRecordsBelowWhatWasReadAndNegativeStarts() {
    Ledger ledger = new Ledger(5);
    ledger.register(7);
    assertThatThrownBy(() -> ledger.register(7)).isInstanceOf(IllegalArgumentException.class);
    assertThat(ledger.open()).isEqualTo(1);
    assertThatThrownBy(() -> new Ledger(-1)).hasMessageContaining("start=-1");
  }

  @Test
  void shouldWorkAtTheEndOfAllOffsets() {
    Ledger ledger = new Ledger(0);
    ledger.register(0);
    ledger.register(Long.MAX_VALUE - 1);
    assertThat(ledger.complete(Long.MAX_VALUE - 1)).isTrue();
    assertThat(ledger.complete(Long.MAX_VALUE)).isFalse();
    assertThat(ledger.watermark()).isZero();
    assertThat(ledger.complete(0)).isTrue();
    assertThat(ledger.watermark()).isEqualTo(Long.MAX_VALUE);
  }

  @Test
  void shouldHoldNoMoreThanWhatIsBetweenTheWatermarkAndTheNewest() {
    Ledger ledger = new Ledger(0);
    for (long offset = 0; offset < 20_000; offset++) {
      ledger.register(offset);
      if (offset >= 10) {
        ledger.complete(offset - 10);
      }
      assertThat(ledger.span()).isLessThanOrEqualTo(11);
    }
  }
}
