package io.github.safeconsumer.internal.metadata;

import java.util.Arrays;
import java.util.Random;

/** Bytes of a note with some of them changed, as damage or malice would. */
final class NoteMutations {
  private static final int[] TELLING = {0, 1, 2, 3, 5, 6, 7, 0x7F, 0x80, 0x81, 0xFE, 0xFF};

  private NoteMutations() {}

  static byte[] mutate(byte[] bytes, Random random) {
    byte[] mutated = bytes;
    for (int i = random.nextInt(4); i >= 0; i--) {
      mutated = once(mutated, random);
    }
    return mutated;
  }

  private static byte[] once(byte[] bytes, Random random) {
    if (bytes.length == 0) {
      return new byte[] {any(random)};
    }
    int at = random.nextInt(bytes.length);
    int length = 1 + random.nextInt(Math.min(12, bytes.length - at));
    return switch (random.nextInt(6)) {
      case 0 -> splice(bytes, at, at + 1, new byte[] {any(random)});
      case 1 ->
          splice(bytes, at, at + 1, new byte[] {(byte) (bytes[at] ^ (1 << random.nextInt(8)))});
      case 2 -> splice(bytes, at, at + length, new byte[0]);
      case 3 -> splice(bytes, at, at, Arrays.copyOfRange(bytes, at, at + length));
      case 4 -> splice(bytes, at, at, many(length, random));
      default -> Arrays.copyOf(bytes, at);
    };
  }

  private static byte[] many(int length, Random random) {
    byte[] many = new byte[length];
    byte same = any(random);
    for (int i = 0; i < length; i++) {
      many[i] = random.nextBoolean() ? same : any(random);
    }
    return many;
  }

  private static byte any(Random random) {
    return (byte)
        (random.nextBoolean() ? TELLING[random.nextInt(TELLING.length)] : random.nextInt());
  }

  private static byte[] splice(byte[] bytes, int from, int to, byte[] between) {
    byte[] spliced = Arrays.copyOf(bytes, bytes.length - (to - from) + between.length);
    System.arraycopy(between, 0, spliced, from, between.length);
    System.arraycopy(bytes, to, spliced, from + between.length, bytes.length - to);
    return spliced;
  }
}
