package io.github.safeconsumer.internal.metadata;

import java.util.Arrays;

/** Bytes that are written one after the other. */
final class Bytes {
  private byte[] bytes = new byte[64];
  private int size;

  int size() {
    return size;
  }

  byte[] toArray() {
    return Arrays.copyOf(bytes, size);
  }

  Bytes one(int value) {
    room(1);
    bytes[size++] = (byte) value;
    return this;
  }

  /** Four bytes, the highest first. */
  Bytes four(int value) {
    for (int shift = 24; shift >= 0; shift -= 8) {
      one(value >>> shift);
    }
    return this;
  }

  /** Eight bytes, the highest first. */
  Bytes eight(long value) {
    return four((int) (value >>> 32)).four((int) value);
  }

  /** A number that is not negative, seven bits a byte, the lowest first: one to nine bytes. */
  Bytes number(long value) {
    assert value >= 0 : value;
    long rest = value;
    while (rest > 0x7F) {
      one((int) rest | 0x80);
      rest >>>= 7;
    }
    return one((int) rest);
  }

  Bytes all(Bytes others) {
    room(others.size);
    System.arraycopy(others.bytes, 0, bytes, size, others.size);
    size += others.size;
    return this;
  }

  static int sizeOfNumber(long value) {
    return Math.max(1, (63 - Long.numberOfLeadingZeros(value)) / 7 + 1);
  }

  private void room(int more) {
    if (size + more > bytes.length) {
      bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, size + more));
    }
  }
}
