package io.github.safeconsumer.internal.metadata;

import java.util.Arrays;
import java.util.List;

/**
 * The text form of a list of ranges: as runs (gap, length) or as a bitmap (one bit for each offset
 * from the first range on), whichever is shorter; no bytes at all when it is empty. It goes on to
 * the end of its section.
 */
final class Ranges {
  private static final int RUNS = 0;
  private static final int BITMAP = 1;

  private Ranges() {}

  /** Writes them, their distances counted from an offset that is not above the first. */
  static void write(List<OffsetRange> ranges, long reference, Bytes out) {
    if (ranges.isEmpty()) {
      return;
    }
    Bytes runs = runs(ranges, reference);
    long first = ranges.get(0).from();
    long bits = ranges.get(ranges.size() - 1).to() - first;
    long bitmapSize = Bytes.sizeOfNumber(first - reference) + (bits - 1) / 8 + 1;
    if (runs.size() <= bitmapSize) {
      out.one(RUNS).all(runs);
    } else {
      out.one(BITMAP).number(first - reference);
      writeBits(ranges, new byte[(int) ((bits - 1) / 8 + 1)], out);
    }
  }

  private static Bytes runs(List<OffsetRange> ranges, long reference) {
    Bytes runs = new Bytes();
    long lowest = reference;
    for (OffsetRange range : ranges) {
      runs.number(range.from() - lowest).number(range.count() - 1);
      // Between two ranges there is an offset at least, which need not be said. The last range may
      // end at the last number: then this overflows, and nobody reads it.
      lowest = range.to() + 1;
    }
    return runs;
  }

  private static void writeBits(List<OffsetRange> ranges, byte[] bitmap, Bytes out) {
    long first = ranges.get(0).from();
    for (OffsetRange range : ranges) {
      for (int bit = (int) (range.from() - first); bit < range.to() - first; bit++) {
        bitmap[bit / 8] |= (byte) (1 << bit % 8);
      }
    }
    for (byte bits : bitmap) {
      out.one(bits);
    }
  }

  /**
   * Reads the rest of a section. More ranges than that are damage: they bound what is allocated.
   */
  static List<OffsetRange> read(Source in, long reference, int atMost) {
    if (in.isEmpty()) {
      return List.of();
    }
    int form = in.one();
    return switch (form) {
      case RUNS -> readRuns(in, reference, atMost);
      case BITMAP -> readBitmap(in, reference, atMost);
      default -> throw Unreadable.unknownVersion("ranges in the unknown form " + form);
    };
  }

  private static List<OffsetRange> readRuns(Source in, long reference, int atMost) {
    Found found = new Found(atMost);
    long lowest = reference;
    while (!in.isEmpty()) {
      long from = Source.sum(lowest, in.number());
      long to = Source.sum(Source.sum(from, in.number()), 1);
      found.add(from, to);
      if (!in.isEmpty()) {
        lowest = Source.sum(to, 1);
      }
    }
    return found.list();
  }

  private static List<OffsetRange> readBitmap(Source in, long reference, int atMost) {
    Found found = new Found(atMost);
    long offset = Source.sum(reference, in.number());
    long from = -1;
    int bits = 0;
    boolean first = true;
    while (!in.isEmpty()) {
      bits = in.one();
      if (first && (bits & 1) == 0) {
        throw Unreadable.damaged("a bitmap begins with an offset that is not in it");
      }
      first = false;
      for (int bit = 0; bit < 8; bit++, offset++) {
        boolean set = ((bits >> bit) & 1) != 0;
        if (set) {
          // Bits past the last possible offset may be there, but not set.
          Source.sum(offset, 1);
        }
        if (set && from < 0) {
          from = offset;
        } else if (!set && from >= 0) {
          found.add(from, offset);
          from = -1;
        }
      }
    }
    if (bits == 0) {
      throw Unreadable.damaged("a bitmap is longer than need be");
    }
    if (from >= 0) {
      found.add(from, offset);
    }
    return found.list();
  }

  private static final class Found {
    private final int atMost;
    private OffsetRange[] ranges = new OffsetRange[8];
    private int size;

    Found(int atMost) {
      this.atMost = atMost;
    }

    void add(long from, long to) {
      if (size == atMost) {
        throw Unreadable.damaged("more than " + atMost + " ranges");
      }
      if (size == ranges.length) {
        ranges = Arrays.copyOf(ranges, size * 2);
      }
      ranges[size++] = new OffsetRange(from, to);
    }

    List<OffsetRange> list() {
      if (size == 0) {
        throw Unreadable.damaged("ranges of which there is none");
      }
      return List.of(Arrays.copyOf(ranges, size));
    }
  }
}
