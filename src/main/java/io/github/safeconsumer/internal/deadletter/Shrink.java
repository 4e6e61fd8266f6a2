package io.github.safeconsumer.internal.deadletter;

import io.github.safeconsumer.DeadLetter;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Smaller forms of a letter that its topic refuses for its size. What is ours goes first: where
 * both topics take records of one size, a record at the limit still passes whole without the stack,
 * and only a whole record can be replayed. Then the value is cut, then the record's own headers are
 * dropped, then the value and the key are cut to a trace. Each step is named in the letter with the
 * original size; where the record was read is never dropped, so the original can be fetched from
 * there while its topic keeps it.
 */
final class Shrink {
  static final int VALUE_BYTES = 64 * 1024;
  static final int TRACE_BYTES = 1024;

  private Shrink() {}

  /** The next smaller form; empty when nothing is left to cut. */
  static Optional<DeadLetter> next(DeadLetter letter) {
    byte[] key = letter.key();
    byte[] value = letter.value();
    if (!letter.stackTrace().isEmpty()) {
      return Optional.of(named(letter.withStackTrace(""), "stack", letter.stackTrace().length()));
    }
    if (value != null && value.length > VALUE_BYTES) {
      return Optional.of(
          named(letter.withValue(Arrays.copyOf(value, VALUE_BYTES)), "value", value.length));
    }
    if (!letter.headers().isEmpty()) {
      return Optional.of(named(letter.withHeaders(List.of()), "headers", letter.headers().size()));
    }
    if (value != null && value.length > TRACE_BYTES) {
      return Optional.of(
          named(letter.withValue(Arrays.copyOf(value, TRACE_BYTES)), "value", value.length));
    }
    if (key != null && key.length > TRACE_BYTES) {
      return Optional.of(named(letter.withKey(Arrays.copyOf(key, TRACE_BYTES)), "key", key.length));
    }
    if (!letter.exceptionMessage().isEmpty()) {
      return Optional.of(
          named(letter.withExceptionMessage(""), "message", letter.exceptionMessage().length()));
    }
    return Optional.empty();
  }

  private static DeadLetter named(DeadLetter smaller, String part, int size) {
    Map<String, Integer> truncated = new TreeMap<>(smaller.truncated());
    // Cut twice: the first entry holds the original size.
    truncated.putIfAbsent(part, size);
    return smaller.withTruncated(truncated);
  }
}
