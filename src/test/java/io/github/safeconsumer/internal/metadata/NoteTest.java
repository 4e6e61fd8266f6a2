package io.github.safeconsumer.internal.metadata;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.safeconsumer.internal.metadata.RetryEntry.Fate;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** A note that makes no sense cannot be made. */
class NoteTest {
  private static final RetryEntry AT_TEN = new RetryEntry(10, 1, 0, -1, Fate.RETRYING);

  private static Note note(
      long leaseEnd, List<Long> convictions, List<RetryEntry> retries, List<OffsetRange> done) {
    return new Note(Notes.OWN, 10, Mode.OPEN, 1, leaseEnd, null, convictions, retries, done);
  }

  private static OffsetRange range(long from, long to) {
    return new OffsetRange(from, to);
  }

  @Test
  void shouldTakeWhatBeginsAtTheBase() {
    assertThat(note(10, List.of(5L, 5L), List.of(AT_TEN), List.of(range(10, 11))).base())
        .isEqualTo(10);
  }

  @Test
  void shouldRefuseWhatLiesBelowTheBase() {
    refused(() -> note(9, List.of(), List.of(), List.of()));
    refused(() -> note(10, List.of(), List.of(), List.of(range(9, 11))));
    refused(
        () -> note(10, List.of(), List.of(new RetryEntry(9, 1, 0, -1, Fate.RETRYING)), List.of()));
  }

  @Test
  void shouldRefuseWhatDoesNotAscend() {
    refused(() -> note(10, List.of(6L, 5L), List.of(), List.of()));
    refused(() -> note(10, List.of(), List.of(AT_TEN, AT_TEN), List.of()));
    refused(() -> note(10, List.of(), List.of(), List.of(range(20, 21), range(10, 11))));
    refused(() -> note(10, List.of(), List.of(), List.of(range(10, 15), range(14, 16))));
    refused(() -> note(10, List.of(), List.of(), List.of(range(10, 15), range(15, 16))));
    refused(() -> new CrashCase(1, List.of(range(10, 15), range(15, 16)), -1, false, 0, 0));
  }

  @Test
  void shouldRefuseWhatIsTooMuch() {
    refused(() -> note(10, Collections.nCopies(17, 5L), List.of(), List.of()));
    refused(() -> note(10, List.of(), List.of(), Notes.everySecond(10, Note.MAX_ENTRIES + 1)));
  }

  @Test
  void shouldRefuseNumbersThatCannotBe() {
    refused(() -> range(-1, 1));
    refused(() -> range(1, 1));
    refused(() -> range(Long.MAX_VALUE, Long.MIN_VALUE));
    refused(() -> new RetryEntry(-1, 1, 0, -1, Fate.RETRYING));
    refused(() -> new RetryEntry(1, -1, 0, -1, Fate.RETRYING));
    refused(() -> new RetryEntry(1, 1, -1, -1, Fate.RETRYING));
    refused(() -> new RetryEntry(1, 1, 0, -2, Fate.RETRYING));
    refused(() -> new RetryEntry(1, 1, 0, 253_402_300_800L, Fate.RETRYING));
    refused(() -> new CrashCase(-1, List.of(), -1, false, 0, 0));
    refused(() -> new CrashCase(0, List.of(), -2, false, 0, 0));
    refused(() -> new CrashCase(0, List.of(), -1, false, -1, 0));
    refused(() -> new CrashCase(0, List.of(), -1, false, 0, -1));
  }

  private static void refused(ThrowingCallable made) {
    assertThatThrownBy(made).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void shouldNotChangeWithTheListsItWasGiven() {
    List<OffsetRange> done = new ArrayList<>(List.of(range(10, 11)));
    Note note = note(10, List.of(), List.of(), done);

    done.clear();

    assertThat(note.done()).containsExactly(range(10, 11));
  }

  @Test
  void shouldJoinRangesIntoAsFewAsPossible() {
    assertThat(
            OffsetRange.joined(
                List.of(range(9, 10), range(1, 3), range(3, 4), range(2, 4), range(6, 8))))
        .containsExactly(range(1, 4), range(6, 8), range(9, 10));
    assertThat(OffsetRange.joined(List.of(range(1, 9), range(2, 3)))).containsExactly(range(1, 9));
    assertThat(OffsetRange.joined(List.of())).isEmpty();
  }

  @Test
  void shouldKnowWhichFatesOweADeadLetter() {
    for (Fate fate : Fate.values()) {
      assertThat(fate.owesDeadLetter()).as(fate.name()).isEqualTo(fate != Fate.RETRYING);
    }
  }
}
