package io.github.safeconsumer;

import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Why records that should be handled are not, or not fast enough; or that nothing is wrong.
 * Immutable.
 *
 * @param code stable name of the kind of cause, such as {@code BLOCKED_RECORD}; all of them are in
 *     docs/OPERATIONS.md and are API
 * @param evidence what was seen, with places and numbers, for a person; never keys, values or
 *     messages of exceptions
 * @param remedy what to do, in one sentence; empty where nothing is wrong
 * @param numbers those of the evidence, by name; durations in milliseconds with {@code Ms} in the
 *     name
 */
public record Cause(String code, String evidence, String remedy, Map<String, Object> numbers) {
  /** The code where nothing is wrong. */
  public static final String NOTHING_WRONG = "NOTHING_WRONG";

  public Cause {
    numbers = Map.copyOf(numbers);
  }

  /** Whether something is to be done. */
  public boolean isTrouble() {
    return !code.equals(NOTHING_WRONG);
  }

  /** In one line: {@code code=BLOCKED_RECORD evidence="..." remedy="..."}, then the numbers. */
  @Override
  public String toString() {
    return "code="
        + code
        + " evidence=\""
        + evidence
        + "\" remedy=\""
        + remedy
        + "\""
        + new TreeMap<>(numbers)
            .entrySet().stream()
                .map(number -> " " + number.getKey() + "=" + number.getValue())
                .collect(Collectors.joining());
  }
}
