package io.github.safeconsumer.internal.metadata;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.safeconsumer.internal.metadata.Reading.Reason;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** What a later version may add, and what nobody may write. */
class SectionsTest {
  private static final int BASE = 1000;
  private static final Note NOTE =
      new Note(
          Notes.OWN,
          BASE,
          Mode.LEAVING,
          42,
          2000,
          new CrashCase(2, List.of(new OffsetRange(900, 1100)), 950, true, 2, 1_700_000_000),
          List.of(1_700_000_000L),
          List.of(new RetryEntry(1001, 3, 1500, 1_700_000_000, RetryEntry.Fate.RETRYING)),
          Notes.everySecond(BASE, 3));

  /** The fixed part of a note at the base, then whatever. */
  private static String sealed(Consumer<Bytes> rest) {
    Bytes bytes = new Bytes().four(0).four(0).one(Mode.OPEN.code()).eight(1).number(BASE).number(0);
    rest.accept(bytes);
    return Notes.seal(bytes.toArray());
  }

  private static void assertReason(Consumer<Bytes> rest, Reason reason) {
    NoteCodecTest.assertReason(sealed(rest), BASE, reason);
  }

  private static String withSection(int tag) {
    Bytes bytes = NoteWriter.write(NOTE).one(tag).number(3).one(1).one(2).one(3);
    return Notes.seal(bytes.toArray());
  }

  @Test
  void shouldSkipSectionsThatMayBeSkipped() {
    for (int tag = 6; tag < 256; tag += 2) {
      assertThat(Notes.read(withSection(tag), BASE)).isEqualTo(new Reading.Read(NOTE));
    }
    assertThat(Notes.read(sealed(b -> b.one(4).number(1).one(9)), BASE))
        .isInstanceOf(Reading.Read.class);
  }

  @Test
  void shouldIgnoreANoteWithASectionThatMustBeUnderstood() {
    for (int tag = 7; tag < 256; tag += 2) {
      NoteCodecTest.assertReason(withSection(tag), BASE, Reason.UNKNOWN_VERSION);
    }
  }

  @Test
  void shouldNotJudgeKnownSectionsBesideOneThatMustBeUnderstood() {
    assertReason(
        b -> b.one(Sections.DONE).number(1).one(0x77).one(7).number(1).one(1),
        Reason.UNKNOWN_VERSION);
    assertReason(
        b -> b.one(Sections.RETRIES).number(1).one(0x80).one(7).number(1).one(1),
        Reason.UNKNOWN_VERSION);
  }

  @Test
  void shouldIgnoreSectionsThatAreOutOfOrderTwiceOrEmpty() {
    assertReason(b -> b.one(8).number(1).one(1).one(6).number(1).one(1), Reason.DAMAGED);
    assertReason(b -> b.one(6).number(1).one(1).one(6).number(1).one(1), Reason.DAMAGED);
    assertReason(b -> b.one(6).number(0), Reason.DAMAGED);
    assertReason(b -> b.one(0).number(1).one(1), Reason.DAMAGED);
  }

  @Test
  void shouldIgnoreSectionsThatClaimMoreThanThereIs() {
    assertReason(b -> b.one(6), Reason.DAMAGED);
    assertReason(b -> b.one(6).number(1), Reason.DAMAGED);
    assertReason(b -> b.one(6).number(Long.MAX_VALUE).one(1), Reason.DAMAGED);
    assertReason(b -> b.one(6).number(1L << 32).one(1), Reason.DAMAGED);
    assertReason(b -> b.one(Sections.CASE).number(1).one(0), Reason.DAMAGED);
  }

  @Test
  void shouldIgnoreNumbersThatAreLongerThanNeedBeOrEndless() {
    assertReason(b -> b.one(6).one(0x81).one(0).one(1), Reason.DAMAGED);
    assertReason(b -> nines(b.one(6)).one(1), Reason.DAMAGED);
  }

  private static Bytes nines(Bytes bytes) {
    for (int i = 0; i < 9; i++) {
      bytes.one(0xFF);
    }
    return bytes;
  }

  @Test
  void shouldIgnoreCodesOfLaterVersions() {
    byte[] mode = NoteWriter.write(NOTE).toArray();
    mode[8] = 3;
    NoteCodecTest.assertReason(Notes.seal(mode), BASE, Reason.UNKNOWN_VERSION);
    for (int fate = RetryEntry.Fate.values().length; fate < 16; fate++) {
      int code = fate;
      assertReason(
          b -> b.one(Sections.RETRIES).number(5).number(0).number(0).one(16 + code).one(1).one(0),
          Reason.UNKNOWN_VERSION);
    }
    assertReason(b -> b.one(Sections.DONE).number(2).one(2).one(0), Reason.UNKNOWN_VERSION);
    assertReason(b -> b.one(Sections.CASE).number(4).four(0x04000000), Reason.UNKNOWN_VERSION);
  }

  @Test
  void shouldKeepTheCodesOfModesAndFates() {
    assertThat(List.of(Mode.OPEN.code(), Mode.LEAVING.code(), Mode.CLOSED.code()))
        .containsExactly(0, 1, 2);
    assertThat(List.of(RetryEntry.Fate.values()).stream().map(RetryEntry.Fate::code))
        .containsExactly(0, 1, 2, 3, 4, 5);
    assertThat(RetryEntry.Fate.values())
        .extracting(Enum::name)
        .containsExactly(
            "RETRYING", "EXHAUSTED", "NON_RETRYABLE", "UNDESERIALIZABLE", "HUNG", "CRASHED");
  }

  @Test
  void shouldIgnoreOffsetsPastTheLastPossibleOne() {
    long max = Long.MAX_VALUE;
    assertReason(b -> done(b, runs -> runs.one(0).number(max - BASE).number(0)), Reason.DAMAGED);
    assertReason(b -> done(b, runs -> runs.one(0).number(0).number(max)), Reason.DAMAGED);
    assertReason(b -> done(b, bits -> bits.one(1).number(max - BASE).one(1)), Reason.DAMAGED);
    assertReason(b -> done(b, bits -> bits.one(1).number(max - BASE - 1).one(3)), Reason.DAMAGED);
    assertReason(
        b -> done(b, bits -> bits.one(1).number(max - BASE - 8).one(1).one(1)), Reason.DAMAGED);
    assertReason(b -> done(b, bits -> bits.one(1).number(max - BASE - 1).one(5)), Reason.DAMAGED);
    // The end of the lease, too.
    assertReason(b -> {}, "the fixed part is right", true);
    Bytes lease = new Bytes().four(0).four(0).one(0).eight(1).number(BASE).number(max);
    NoteCodecTest.assertReason(Notes.seal(lease.toArray()), BASE, Reason.DAMAGED);
  }

  private static void assertReason(Consumer<Bytes> rest, String why, boolean isRead) {
    assertThat(Notes.read(sealed(rest), BASE) instanceof Reading.Read).as(why).isEqualTo(isRead);
  }

  private static void done(Bytes bytes, Consumer<Bytes> content) {
    Bytes section = new Bytes();
    content.accept(section);
    bytes.one(Sections.DONE).number(section.size()).all(section);
  }

  @Test
  void shouldIgnoreBitmapsThatBeginLateOrEndEarly() {
    assertReason(b -> done(b, bits -> bits.one(1).number(0).one(2)), Reason.DAMAGED);
    assertReason(b -> done(b, bits -> bits.one(1).number(0).one(1).one(0)), Reason.DAMAGED);
    assertReason(b -> done(b, bits -> bits.one(1).number(0)), Reason.DAMAGED);
    assertReason(b -> done(b, bits -> bits.one(0)), Reason.DAMAGED);
  }

  @Test
  void shouldIgnoreValuesThatMakeNoSense() {
    long max = Long.MAX_VALUE;
    assertReason(b -> b.one(Sections.CONVICTIONS).number(9).number(max), Reason.DAMAGED);
    assertReason(
        b -> {
          b.one(Sections.CONVICTIONS).number(17);
          for (int i = 0; i < 17; i++) {
            b.one(1);
          }
        },
        Reason.DAMAGED);
    assertReason(
        b -> b.one(Sections.RETRIES).number(13).one(0).one(0).number(max).one(1).one(0),
        Reason.DAMAGED);
    assertReason(
        b -> b.one(Sections.CASE).number(8).one(0).number(1L << 31).one(0).one(0), Reason.DAMAGED);
  }
}
