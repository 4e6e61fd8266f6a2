package io.github.safeconsumer.internal.metadata;

import io.github.safeconsumer.internal.metadata.RetryEntry.Fate;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Random;
import java.util.zip.CRC32C;

/** Notes for tests. */
final class Notes {
  static final Identity OWN = Identity.of("kVxxJrOTSQeCXg2gSD9Mgg", "pWzq0MGeQrGqVrLJzZYVdw");

  private Notes() {}

  /** A note of a quiet partition. */
  static Note quiet(long base) {
    return new Note(
        OWN,
        base,
        Mode.OPEN,
        0x0123_4567_89AB_CDEFL,
        base + 1000,
        null,
        List.of(),
        List.of(),
        List.of());
  }

  static Note with(Note note, List<RetryEntry> retries, List<OffsetRange> done) {
    return note.with(note.crashCase(), retries, done);
  }

  /** Every second offset from one behind the base on. */
  static List<OffsetRange> everySecond(long base, int count) {
    List<OffsetRange> ranges = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      ranges.add(new OffsetRange(base + 1 + 2L * i, base + 2 + 2L * i));
    }
    return ranges;
  }

  /** Anything that a note may be, small ones more often than large ones. */
  static Note any(Random random) {
    long base = number(random, Long.MAX_VALUE);
    return new Note(
        new Identity(random.nextInt(3) == 0 ? 0 : random.nextInt(), random.nextInt()),
        base,
        pick(Mode.values(), random),
        random.nextLong(),
        base + number(random, Long.MAX_VALUE - base),
        random.nextBoolean() ? null : crashCase(random),
        convictions(random),
        retries(random, base),
        ranges(random, base, 300));
  }

  private static CrashCase crashCase(Random random) {
    return new CrashCase(
        (int) number(random, Integer.MAX_VALUE),
        ranges(random, number(random, Long.MAX_VALUE), NoteCodec.MAX_SUSPECT_RANGES),
        random.nextBoolean() ? -1 : number(random, Long.MAX_VALUE),
        random.nextBoolean(),
        (int) number(random, Integer.MAX_VALUE),
        number(random, Checks.MAX_SECONDS));
  }

  private static List<Long> convictions(Random random) {
    return random.longs(random.nextInt(4), 0, Checks.MAX_SECONDS + 1).sorted().boxed().toList();
  }

  private static List<RetryEntry> retries(Random random, long base) {
    List<RetryEntry> entries = new ArrayList<>();
    long offset = base;
    for (int left = size(random, 60); left > 0; left--) {
      entries.add(
          new RetryEntry(
              offset,
              (int) number(random, Integer.MAX_VALUE),
              number(random, Long.MAX_VALUE),
              random.nextInt(4) == 0 ? -1 : number(random, Checks.MAX_SECONDS),
              pick(Fate.values(), random)));
      if (offset == Long.MAX_VALUE) {
        break;
      }
      offset += 1 + number(random, (Long.MAX_VALUE - offset - 1) / 2);
    }
    return entries;
  }

  static List<OffsetRange> ranges(Random random, long least, int atMost) {
    boolean dense = random.nextBoolean();
    List<OffsetRange> ranges = new ArrayList<>();
    long from = least;
    for (int left = size(random, atMost); left > 0 && from < Long.MAX_VALUE - 8; left--) {
      long room = (Long.MAX_VALUE - from - 4) / 4;
      long to = from + 1 + (dense ? random.nextInt(3) : number(random, room));
      ranges.add(new OffsetRange(from, to));
      from = to + 1 + (dense ? random.nextInt(3) : number(random, room));
    }
    return ranges;
  }

  private static <T> T pick(T[] all, Random random) {
    return all[random.nextInt(all.length)];
  }

  private static int size(Random random, int atMost) {
    return random.nextInt(3) == 0 ? 0 : random.nextInt(1 + random.nextInt(atMost));
  }

  /** From zero to the most, of every order of magnitude, the ends more often. */
  private static long number(Random random, long most) {
    if (random.nextInt(20) == 0) {
      return most;
    }
    return Math.min(most, random.nextLong() >>> (1 + random.nextInt(63)));
  }

  /** The text of these bytes, with the right checksum. */
  static String seal(byte[] content) {
    Bytes bytes = new Bytes();
    for (byte b : content) {
      bytes.one(b);
    }
    CRC32C crc = new CRC32C();
    crc.update("sc1:".getBytes(StandardCharsets.US_ASCII));
    crc.update(content);
    return "sc1:"
        + Base64.getUrlEncoder()
            .withoutPadding()
            .encodeToString(bytes.four((int) crc.getValue()).toArray());
  }

  /** The bytes of a text, without the checksum. */
  static byte[] open(String text) {
    byte[] all = Base64.getUrlDecoder().decode(text.substring(4));
    return Arrays.copyOf(all, all.length - 4);
  }

  /** What is read where nothing is compared. */
  static Reading read(String text, long base) {
    return NoteCodec.decode(text, base, new Identity(0, 0));
  }
}
