package io.github.safeconsumer.internal.metadata;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.safeconsumer.internal.core.Seeds;
import io.github.safeconsumer.internal.metadata.RetryEntry.Fate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Whatever the limit: the text fits, and only what may be lost first is lost. */
class NoteFitTest {
  private static final int DEFAULT_LIMIT = 4096;
  private static final long BASE = 5_000_000_000L;
  private static final long NOW = 1_700_000_000L;

  static List<Note> notes() {
    Note quiet = Notes.quiet(BASE);
    CrashCase small = new CrashCase(1, scattered(3, 5), BASE, true, 1, NOW);
    CrashCase large = new CrashCase(2, scattered(400, 90), BASE, false, 1, NOW);
    return List.of(
        quiet,
        Notes.with(quiet, retries(40), scattered(60, 40)),
        Notes.with(quiet, retries(300), Notes.everySecond(BASE, 700)),
        quiet.with(small, retries(20), scattered(900, 100)),
        quiet.with(large, retries(10), scattered(10, 1000)),
        quiet.with(large, List.of(), List.of()));
  }

  private static List<OffsetRange> scattered(int count, int spread) {
    Random random = new Random(count);
    List<OffsetRange> ranges = new ArrayList<>();
    long from = BASE + 1;
    for (int i = 0; i < count; i++) {
      long to = from + 1 + random.nextInt(spread);
      ranges.add(new OffsetRange(from, to));
      from = to + 1 + random.nextInt(spread);
    }
    return ranges;
  }

  private static List<RetryEntry> retries(int count) {
    Random random = new Random(count);
    Fate[] fates = Fate.values();
    List<RetryEntry> entries = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      entries.add(
          new RetryEntry(
              BASE + 7L * i,
              random.nextInt(6),
              random.nextInt(600_000),
              i % 5 == 0 ? -1 : NOW - random.nextInt(600),
              i % 3 == 0 ? fates[random.nextInt(fates.length)] : Fate.RETRYING));
    }
    return entries;
  }

  @ParameterizedTest
  @MethodSource("notes")
  void shouldLoseNoMoreThanItMustAtEveryLimit(Note note) {
    for (int limit = 0; limit <= DEFAULT_LIMIT; limit++) {
      FitModel.check(note, limit);
    }
  }

  @Test
  void shouldLoseNoMoreThanItMustWhateverTheNote() {
    Seeds.each(
        300,
        random -> {
          Note note = Notes.any(random);
          int length = NoteCodec.encode(note).length();
          for (int i = 0; i < 10; i++) {
            FitModel.check(note, random.nextInt(length + 10));
          }
          FitModel.check(note, length);
          FitModel.check(note, length - 1);
        });
  }

  @Test
  void shouldServeThreeHundredPartitions() {
    Note note = Notes.with(Notes.quiet(BASE), retries(40), scattered(400, 60));

    Fitted fitted = NoteFit.fit(note, 873);

    FitModel.check(note, 873);
    assertThat(fitted.droppedRetries()).as("ranges go first").isZero();
    assertThat(fitted.droppedRanges()).isBetween(1, 399);
    assertThat(fitted.wantedChars()).isGreaterThan(873);
  }

  @Test
  void shouldSayHowMuchRoomEverythingTakes() {
    Note note = Notes.with(Notes.quiet(BASE), retries(20), scattered(50, 60));
    int length = NoteCodec.encode(note).length();

    assertThat(NoteFit.fit(note, DEFAULT_LIMIT))
        .isEqualTo(new Fitted(NoteCodec.encode(note), true, 0, 0, length));
    assertThat(NoteFit.fit(note, length - 1).wantedChars()).isEqualTo(length);
    assertThat(NoteFit.fit(note, 0).wantedChars()).isEqualTo(length);
  }

  @Test
  void shouldCallForBackPressureBeforeThereAreMoreRangesThanAReaderTakes() {
    // One bit for each offset: the text alone would seem to have room.
    Note many = Notes.with(Notes.quiet(BASE), List.of(), Notes.everySecond(BASE, 1536));
    Note tooMany = Notes.with(Notes.quiet(BASE), List.of(), Notes.everySecond(BASE, 2050));

    assertThat(NoteFit.fit(many, DEFAULT_LIMIT).complete()).isTrue();
    assertThat(NoteFit.fit(many, DEFAULT_LIMIT).text().length()).isLessThan(DEFAULT_LIMIT / 2);
    assertThat(NoteFit.fit(many, DEFAULT_LIMIT).wantedChars()).isEqualTo(DEFAULT_LIMIT * 3 / 4);
    assertThat(NoteFit.fit(tooMany, DEFAULT_LIMIT).wantedChars()).isGreaterThan(DEFAULT_LIMIT);
    assertThat(NoteFit.fit(tooMany, DEFAULT_LIMIT).droppedRanges()).isEqualTo(2);
    FitModel.check(tooMany, DEFAULT_LIMIT);
  }

  @Test
  void shouldCloseGapsBetweenSuspectsThatNoReaderTakes() {
    CrashCase many = new CrashCase(1, Notes.everySecond(BASE, 600), -1, false, 0, NOW);
    Note note = Notes.quiet(BASE).with(many, List.of(), Notes.everySecond(BASE, 20));

    Fitted fitted = NoteFit.fit(note, DEFAULT_LIMIT);

    FitModel.check(note, DEFAULT_LIMIT);
    assertThat(fitted.complete()).isFalse();
    assertThat(fitted.droppedRanges()).isZero();
    assertThat(FitModel.read(fitted, note).crashCase().suspects())
        .hasSize(NoteCodec.MAX_SUSPECT_RANGES);
  }

  @Test
  void shouldWriteNothingWhereNotEvenTheFixedPartFits() {
    Note note = Notes.quiet(BASE);
    int length = NoteCodec.encode(note).length();

    assertThat(NoteFit.fit(note, length).text()).isNotEmpty();
    assertThat(NoteFit.fit(note, length - 1)).isEqualTo(new Fitted("", false, 0, 0, length));
    assertThat(NoteFit.fit(note, 0).text()).isEmpty();
    assertThat(NoteFit.fit(note, Integer.MIN_VALUE).text()).isEmpty();
  }

  @Test
  void shouldNotWriteMoreThanAStringOfTheProtocolHolds() {
    Note note = Notes.with(Notes.quiet(BASE), retries(4000), scattered(2000, 1000));

    Fitted fitted = NoteFit.fit(note, Integer.MAX_VALUE);

    assertThat(fitted.text().length()).isLessThanOrEqualTo(Short.MAX_VALUE);
    FitModel.check(note, Short.MAX_VALUE);
  }

  @Test
  void shouldLoseRangesThenRetriesThenNothingThatOwesADeadLetterBeforeTheRest() {
    List<RetryEntry> entries =
        List.of(
            new RetryEntry(BASE, 9, 1, NOW, Fate.RETRYING),
            new RetryEntry(BASE + 1, 0, 1, NOW, Fate.UNDESERIALIZABLE),
            new RetryEntry(BASE + 2, 1, 1, NOW, Fate.RETRYING),
            new RetryEntry(BASE + 3, 1, 1, NOW, Fate.RETRYING));
    Note note =
        Notes.with(Notes.quiet(BASE), entries, List.of(new OffsetRange(BASE, Long.MAX_VALUE)));
    List<List<Long>> seen = new ArrayList<>();
    for (int limit = NoteCodec.encode(note).length(); limit > 0; limit--) {
      Fitted fitted = NoteFit.fit(note, limit);
      if (!fitted.text().isEmpty()) {
        Note kept = FitModel.read(fitted, note);
        List<Long> left = new ArrayList<>(kept.done().stream().map(OffsetRange::count).toList());
        kept.retries().stream()
            .map(entry -> entry.offset() - BASE)
            .sorted(Comparator.naturalOrder())
            .forEach(left::add);
        if (seen.isEmpty() || !seen.get(seen.size() - 1).equals(left)) {
          seen.add(left);
        }
      }
    }

    assertThat(seen)
        .containsExactly(
            List.of(Long.MAX_VALUE - BASE, 0L, 1L, 2L, 3L),
            List.of(0L, 1L, 2L, 3L),
            List.of(0L, 1L, 2L),
            List.of(0L, 1L),
            List.of(1L),
            List.of());
  }
}
