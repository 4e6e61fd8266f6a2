package io.github.safeconsumer.internal.metadata;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.safeconsumer.internal.core.Seeds;
import io.github.safeconsumer.internal.metadata.Reading.Ignored;
import io.github.safeconsumer.internal.metadata.Reading.Reason;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What was written is read, and nothing else is ever believed. */
class NoteCodecTest {
  private static final String CHARACTERS =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_+/=:. \0\n\u00e9\ud800\uff11";

  @Test
  void shouldReadWhatWasWritten() {
    Seeds.each(
        5000,
        random -> {
          Note note = Notes.any(random);

          String text = NoteCodec.encode(note);

          assertThat(text).matches("sc1:[A-Za-z0-9_-]+");
          assertThat(NoteCodec.decode(text, note.base(), note.identity()))
              .isEqualTo(new Reading.Read(note));
          assertThat(NoteCodec.length(note)).isEqualTo(text.length());
        });
  }

  @Test
  void shouldIgnoreANoteOfWhichAnyCharacterIsAnother() {
    damagedNotes(
        (text, at, random) -> {
          char other = CHARACTERS.charAt(random.nextInt(CHARACTERS.length()));
          return text.substring(0, at) + other + text.substring(at + 1);
        });
  }

  @Test
  void shouldIgnoreANoteThatLacksACharacter() {
    damagedNotes((text, at, random) -> text.substring(0, at) + text.substring(at + 1));
  }

  @Test
  void shouldIgnoreANoteWithACharacterTooMany() {
    damagedNotes(
        (text, at, random) -> {
          char more = CHARACTERS.charAt(random.nextInt(CHARACTERS.length()));
          return text.substring(0, at) + more + text.substring(at);
        });
  }

  @Test
  void shouldIgnoreANoteThatIsCut() {
    damagedNotes((text, at, random) -> text.substring(0, Math.max(1, at)));
  }

  @Test
  void shouldIgnoreWhatFollowsOnANote() {
    String text = NoteCodec.encode(Notes.quiet(5));
    for (int i = 0; i < CHARACTERS.length(); i++) {
      assertIgnored(text + CHARACTERS.charAt(i), 5);
    }
    assertIgnored(text + text, 5);
  }

  private interface Damage {
    String of(String text, int at, Random random);
  }

  private static void damagedNotes(Damage damage) {
    Seeds.each(
        60,
        random -> {
          Note note = Notes.any(random);
          String text = NoteCodec.encode(note);
          for (int at = 0; at < text.length(); at++) {
            String damaged = damage.of(text, at, random);
            if (!damaged.equals(text)) {
              assertIgnored(damaged, note.base());
            }
          }
        });
  }

  private static void assertIgnored(String text, long base) {
    assertThat(Notes.read(text, base)).as(text).isInstanceOf(Ignored.class);
  }

  @Test
  void shouldTellThatNothingWasEverWritten() {
    assertThat(NoteCodec.decode(null, 5, Notes.OWN)).isEqualTo(new Reading.None());
    assertThat(NoteCodec.decode("", 5, Notes.OWN)).isEqualTo(new Reading.None());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        " ",
        "sc",
        "sc1",
        "sc:",
        "sc01:AAAA",
        "sc0:AAAA",
        "sc1234:AAAA",
        "SC1:AAAA",
        " sc1:AAAA",
        "sc\uff11:AAAA",
        "sc\u0661:AAAA",
        "\ud800",
        "\udc00sc1:",
        "NO_METADATA",
        "secret of a customer"
      })
  void shouldNotReadNorRepeatWhatOthersWrote(String foreign) {
    assertThat(NoteCodec.decode(foreign, 5, Notes.OWN))
        .isEqualTo(new Ignored(Reason.FOREIGN, foreign.length() + " characters"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "secret!",
        "secret",
        "s",
        "se",
        "sec",
        "\u00e9\u00e9\u00e9\u00e9",
        "\ud800AAA",
        ""
      })
  void shouldNotRepeatWhatIsDamaged(String content) {
    Reading reading = NoteCodec.decode("sc1:" + content, 5, Notes.OWN);

    assertThat(reading).isInstanceOf(Ignored.class);
    assertThat(((Ignored) reading).reason()).isEqualTo(Reason.DAMAGED);
    assertThat(((Ignored) reading).detail()).doesNotContain("sec");
  }

  @Test
  void shouldTakeNoTextThatSaysTheSameInAnotherWay() {
    // 23 bytes and the checksum: 27, a multiple of three. One more byte leaves four bits over.
    Note note =
        new Note(new Identity(1, 2), 300, Mode.OPEN, 3, 300, null, List.of(), List.of(), List.of());
    String text = NoteCodec.encode(note);
    char last = text.charAt(text.length() - 1);

    assertThat(Notes.read(text, 300)).isEqualTo(new Reading.Read(note));
    assertIgnored(text.substring(0, text.length() - 1) + (char) (last + 1), 300);
    assertIgnored(text + "=", 300);
    assertIgnored(text + "==", 300);
  }

  @ParameterizedTest
  @ValueSource(strings = {"sc2:", "sc2:whatever it is", "sc10:AAAA", "sc999:"})
  void shouldLeaveLaterVersionsAlone(String later) {
    assertReason(later, 5, Reason.UNKNOWN_VERSION);
  }

  @Test
  void shouldRefuseToWriteWhatNoReaderTakes() {
    Note tooMany =
        Notes.with(Notes.quiet(0), List.of(), Notes.everySecond(0, NoteCodec.MAX_RANGES + 1));
    Note most = Notes.with(Notes.quiet(0), List.of(), Notes.everySecond(0, NoteCodec.MAX_RANGES));

    assertThatThrownBy(() -> NoteCodec.encode(tooMany))
        .isInstanceOf(IllegalArgumentException.class);
    assertThat(Notes.read(NoteCodec.encode(most), 0)).isEqualTo(new Reading.Read(most));
    assertReason(Notes.seal(NoteWriter.write(tooMany).toArray()), 0, Reason.DAMAGED);
  }

  @Test
  void shouldTakeOffsetsUpToTheLastPossibleOne() {
    long max = Long.MAX_VALUE;
    for (int span = 1; span < 40; span++) {
      List<OffsetRange> done = new ArrayList<>();
      for (long from = max - 2L * span; from > 0 && from < max; from += 2) {
        done.add(new OffsetRange(from, from + 1));
      }
      done.set(done.size() - 1, new OffsetRange(max - 2, max));
      Note note =
          new Note(
              Notes.OWN,
              max - 2L * span,
              Mode.OPEN,
              -1,
              max,
              new CrashCase(1, done, max, true, 1, 0),
              List.of(),
              List.of(new RetryEntry(max, 1, max, 1, RetryEntry.Fate.HUNG)),
              done);

      assertThat(Notes.read(NoteCodec.encode(note), note.base())).isEqualTo(new Reading.Read(note));
    }
  }

  @Test
  void shouldCompareOnlyWhatBothSidesKnow() {
    Note note = Notes.quiet(7);
    Identity own = Notes.OWN;

    assertRead(note, new Identity(0, 0));
    assertRead(note, new Identity(own.cluster(), 0));
    assertRead(note, new Identity(0, own.topic()));
    assertRead(inName(note, new Identity(0, 0)), own);
    assertRead(inName(note, new Identity(own.cluster(), 0)), own);
    assertRead(inName(note, new Identity(0, own.topic())), own);
  }

  private static Note inName(Note note, Identity identity) {
    return new Note(
        identity,
        note.base(),
        note.mode(),
        note.boot(),
        note.leaseEnd(),
        null,
        List.of(),
        List.of(),
        List.of());
  }

  private static void assertRead(Note note, Identity own) {
    assertThat(NoteCodec.decode(NoteCodec.encode(note), note.base(), own))
        .isEqualTo(new Reading.Read(note));
  }

  @Test
  void shouldCompareClusterThenOffsetThenTopic() {
    String text = NoteCodec.encode(Notes.quiet(7));
    Identity otherCluster = new Identity(Notes.OWN.cluster() + 1, Notes.OWN.topic());
    Identity otherTopic = new Identity(Notes.OWN.cluster(), Notes.OWN.topic() + 1);
    Identity otherBoth = new Identity(otherCluster.cluster(), otherTopic.topic());

    assertReason(NoteCodec.decode(text, 8, otherBoth), Reason.OTHER_CLUSTER);
    assertReason(NoteCodec.decode(text, 7, otherCluster), Reason.OTHER_CLUSTER);
    assertReason(NoteCodec.decode(text, 8, otherTopic), Reason.OTHER_OFFSET);
    assertReason(NoteCodec.decode(text, 6, Notes.OWN), Reason.OTHER_OFFSET);
    assertReason(NoteCodec.decode(text, 7, otherTopic), Reason.OTHER_TOPIC);
    // Damage comes first: what is not whole says nothing of its origin.
    String cut = text.substring(0, text.length() - 1);
    assertReason(NoteCodec.decode(cut, 8, otherBoth), Reason.DAMAGED);
  }

  @Test
  void shouldHashIdsAsDocumented() {
    assertThat(Identity.of(null, null)).isEqualTo(new Identity(0, 0));
    assertThat(Identity.of("", "")).isEqualTo(new Identity(0, 0));
    // The check value of CRC-32C, as its catalogues have it.
    assertThat(Identity.of("123456789", null)).isEqualTo(new Identity(0xE3069283, 0));
    assertThat(Identity.of(null, "123456789")).isEqualTo(new Identity(0, 0xE3069283));
    // Found by search: its CRC-32C is zero, which must not look like an unknown id.
    assertThat(Identity.of("bjBk7aaa", null)).isEqualTo(new Identity(1, 0));
  }

  static void assertReason(String text, long base, Reason reason) {
    assertReason(Notes.read(text, base), reason);
  }

  private static void assertReason(Reading reading, Reason reason) {
    assertThat(reading).isInstanceOf(Ignored.class);
    assertThat(((Ignored) reading).reason()).as(reading.toString()).isEqualTo(reason);
  }
}
