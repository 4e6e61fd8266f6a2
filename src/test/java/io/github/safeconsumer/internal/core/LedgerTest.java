package io.github.safeconsumer.internal.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.safeconsumer.internal.metadata.OffsetRange;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.junit.jupiter.api.Test;

/**
 * What may be committed is exactly the contiguous done prefix, whatever the order of completion;
 * and what is done beyond it is told in full, so that the next owner need not repeat it.
 */
class LedgerTest {
  @Test
  void shouldAgreeWithTheNaiveModelWhateverTheOrderGapsAndInheritance() {
    Seeds.each(
        60,
        random -> {
          long start =
              random.nextInt(4) == 0 ? Long.MAX_VALUE - 1_000_000 : random.nextInt(1_000_000);
          List<OffsetRange> inherited = inherited(random, start);
          Ledger ledger = new Ledger(start, inherited);
          LedgerModel model = new LedgerModel(start, inherited);
          List<OpenRecord> open = new ArrayList<>();
          long before = ledger.watermark();
          compare(ledger, model);
          for (int i = 0; i < 400; i++) {
            step(random, ledger, model, open);
            compare(ledger, model);
            assertThat(ledger.watermark()).as("never falls").isGreaterThanOrEqualTo(before);
            before = ledger.watermark();
          }
        });
  }

  private static void compare(Ledger ledger, LedgerModel model) {
    assertThat(ledger.watermark()).as("watermark").isEqualTo(model.watermark());
    assertThat(ledger.next()).as("next").isEqualTo(model.next());
    assertThat(ledger.open()).as("open").isEqualTo(model.open());
    assertThat(ledger.doneAhead()).as("doneAhead").isEqualTo(model.doneAhead());
    model.check(ledger.doneRanges());
    OpenRecord oldest = ledger.oldest();
    assertThat(oldest == null ? -1 : oldest.offset()).as("oldest").isEqualTo(model.oldest());
  }

  private static List<OffsetRange> inherited(Random random, long start) {
    List<OffsetRange> ranges = new ArrayList<>();
    long from = start + random.nextInt(5);
    for (int n = random.nextInt(8); n > 0; n--) {
      long to = from + 1 + random.nextInt(random.nextBoolean() ? 3 : 200);
      ranges.add(new OffsetRange(from, to));
      from = to + 1 + random.nextInt(30);
    }
    return ranges;
  }

  private static void step(Random random, Ledger ledger, LedgerModel model, List<OpenRecord> open) {
    switch (random.nextInt(6)) {
      case 0, 1 -> {
        for (int n = random.nextInt(30); n > 0; n--) {
          long offset = model.next() + (random.nextInt(5) == 0 ? random.nextInt(100) : 0);
          OpenRecord added = ledger.register(at(offset));
          assertThat(added != null).as("%d is to be handled", offset).isEqualTo(model.poll(offset));
          if (added != null) {
            assertThat(added.offset()).isEqualTo(offset);
            open.add(added);
          }
        }
      }
      case 2 -> {
        long position = model.next() + random.nextInt(9) - 4;
        ledger.skipTo(position);
        model.skipTo(position);
      }
      default -> {
        for (int n = random.nextInt(25); n > 0 && !open.isEmpty(); n--) {
          // often the oldest, so that the ledger also runs empty
          OpenRecord one = open.remove(random.nextInt(3) == 0 ? random.nextInt(open.size()) : 0);
          ledger.complete(one);
          model.complete(one.offset());
        }
      }
    }
  }

  @Test
  void shouldKeepTheWatermarkBelowEveryOpenRecordWhenLaterOnesAreDone() {
    Ledger ledger = new Ledger(10);
    List<OpenRecord> open = new ArrayList<>();
    for (long offset = 10; offset < 500; offset++) {
      open.add(register(ledger, offset));
    }
    for (int i = open.size() - 1; i > 0; i--) {
      ledger.complete(open.get(i));
      assertThat(ledger.watermark()).isEqualTo(10);
    }
    ledger.skipTo(1_000);
    assertThat(ledger.watermark()).as("10 is still open").isEqualTo(10);
    assertThat(ledger.doneRanges()).containsExactly(new OffsetRange(11, 500));
    assertThat(ledger.doneAhead()).isEqualTo(489);

    ledger.complete(open.get(0));
    assertThat(ledger.watermark()).isEqualTo(500);
    assertThat(ledger.doneRanges()).isEmpty();
    assertThat(ledger.doneAhead()).isZero();
  }

  @Test
  void shouldCommitPastGapsAndTrailingMarkersOnlyOnceNothingIsOpen() {
    Ledger ledger = new Ledger(0);
    OpenRecord three = register(ledger, 3);
    OpenRecord nine = register(ledger, 9);
    assertThat(ledger.watermark()).as("the first record there is").isEqualTo(3);
    ledger.complete(three);
    assertThat(ledger.watermark()).isEqualTo(9);
    ledger.complete(nine);
    assertThat(ledger.watermark()).isEqualTo(10);
    ledger.skipTo(11);
    assertThat(ledger.watermark()).as("a trailing marker").isEqualTo(11);
    ledger.skipTo(5);
    assertThat(ledger.watermark()).as("never falls").isEqualTo(11);
  }

  @Test
  void shouldNotHandOutWhatAnEarlierOwnerHasDoneAndCommitPastIt() {
    Ledger ledger = new Ledger(5, List.of(new OffsetRange(6, 9), new OffsetRange(20, 30)));
    OpenRecord five = register(ledger, 5);
    assertThat(ledger.register(at(6))).isNull();
    assertThat(ledger.doneRanges())
        .as("told on, also what is not polled yet")
        .containsExactly(new OffsetRange(6, 9), new OffsetRange(20, 30));
    ledger.complete(five);
    assertThat(ledger.watermark()).as("over 7 and 8, which are done").isEqualTo(9);
    OpenRecord nine = register(ledger, 9);
    ledger.complete(nine);
    ledger.skipTo(20);
    assertThat(ledger.watermark()).isEqualTo(30);
    assertThat(register(ledger, 30).offset()).isEqualTo(30);
  }

  @Test
  void shouldNotCallAGapDoneThatLiesBetweenTwoOpenRecords() {
    Ledger ledger = new Ledger(0);
    register(ledger, 0);
    register(ledger, 10);
    assertThat(ledger.doneRanges()).isEmpty();
    assertThat(ledger.doneAhead()).isZero();
  }

  @Test
  void shouldRefuseRecordsBelowWhatWasReadAndNegativeStarts() {
    Ledger ledger = new Ledger(5);
    register(ledger, 7);
    assertThatThrownBy(() -> ledger.register(at(7))).isInstanceOf(IllegalArgumentException.class);
    assertThat(ledger.open()).isEqualTo(1);
    assertThatThrownBy(() -> new Ledger(-1)).hasMessageContaining("start=-1");
  }

  @Test
  void shouldWorkAtTheEndOfAllOffsets() {
    Ledger ledger = new Ledger(0);
    OpenRecord first = register(ledger, 0);
    OpenRecord last = register(ledger, Long.MAX_VALUE - 1);
    ledger.complete(last);
    assertThat(ledger.watermark()).isZero();
    assertThat(ledger.doneRanges()).containsExactly(new OffsetRange(1, Long.MAX_VALUE));
    ledger.complete(first);
    assertThat(ledger.watermark()).isEqualTo(Long.MAX_VALUE);
  }

  @Test
  void shouldCommitTheLeaderEpochOfTheOldestOpenRecordOrElseOfTheLast() {
    Ledger ledger = new Ledger(0);
    assertThat(ledger.leaderEpoch()).isEqualTo(-1);
    OpenRecord first = Objects.requireNonNull(ledger.register(at(0, 4)));
    OpenRecord second = Objects.requireNonNull(ledger.register(at(1, 6)));
    assertThat(ledger.leaderEpoch()).isEqualTo(4);
    ledger.complete(first);
    ledger.complete(second);
    assertThat(ledger.leaderEpoch()).isEqualTo(6);
  }

  @Test
  void shouldHoldNothingOfWhatIsDoneHoweverFarItIsAhead() {
    Ledger ledger = new Ledger(0);
    OpenRecord stuck = register(ledger, 0);
    for (long offset = 1; offset < 20_000; offset++) {
      ledger.complete(register(ledger, offset));
      assertThat(stuck.later).as("the only link").isNull();
    }
    assertThat(ledger.oldest()).isSameAs(stuck);
    assertThat(ledger.doneAhead()).isEqualTo(19_999);
  }

  private static OpenRecord register(Ledger ledger, long offset) {
    return Objects.requireNonNull(ledger.register(at(offset)), "done by an earlier owner");
  }

  private static ConsumerRecord<byte[], byte[]> at(long offset) {
    return Records.at(Records.PARTITION, offset);
  }

  private static ConsumerRecord<byte[], byte[]> at(long offset, int leaderEpoch) {
    return new ConsumerRecord<>(
        Records.PARTITION.topic(),
        Records.PARTITION.partition(),
        offset,
        0,
        TimestampType.CREATE_TIME,
        0,
        0,
        new byte[0],
        new byte[0],
        new RecordHeaders(),
        Optional.of(leaderEpoch));
  }
}
