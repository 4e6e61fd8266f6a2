package io.github.safeconsumer.internal.metadata;

/** Bytes that are read one after the other. Whatever is not there is {@link Unreadable}. */
final class Source {
  private static final int MOST_BYTES_OF_A_NUMBER = 9;

  private final byte[] bytes;
  private final int end;
  private int at;

  Source(byte[] bytes, int from, int end) {
    this.bytes = bytes;
    this.at = from;
    this.end = end;
  }

  boolean isEmpty() {
    return at == end;
  }

  int left() {
    return end - at;
  }

  int one() {
    if (at == end) {
      throw Unreadable.damaged("it ends early, at byte " + at);
    }
    return bytes[at++] & 0xFF;
  }

  int four() {
    return (one() << 24) | (one() << 16) | (one() << 8) | one();
  }

  long eight() {
    return ((long) four() << 32) | (four() & 0xFFFF_FFFFL);
  }

  /** What {@link Bytes#number} writes. A number has one form only. */
  long number() {
    long value = 0;
    for (int i = 0; i < MOST_BYTES_OF_A_NUMBER; i++) {
      int next = one();
      value |= (long) (next & 0x7F) << (7 * i);
      if (next < 0x80) {
        if (next == 0 && i > 0) {
          throw Unreadable.damaged("a number is longer than need be, at byte " + at);
        }
        return value;
      }
    }
    throw Unreadable.damaged("a number does not end, at byte " + at);
  }

  int smallNumber() {
    long value = number();
    if (value > Integer.MAX_VALUE) {
      throw Unreadable.damaged(value + " is too large, at byte " + at);
    }
    return (int) value;
  }

  /** The next bytes as a source of their own. */
  Source part(long length) {
    if (length > left()) {
      throw Unreadable.damaged("a part of " + length + " bytes where " + left() + " are left");
    }
    Source part = new Source(bytes, at, at + (int) length);
    at += (int) length;
    return part;
  }

  /** The sum of two numbers that are not negative. */
  static long sum(long one, long other) {
    long sum = one + other;
    if (sum < 0) {
      throw Unreadable.damaged("an offset past the last possible one");
    }
    return sum;
  }
}
