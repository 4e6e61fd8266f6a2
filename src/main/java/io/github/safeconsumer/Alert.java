package io.github.safeconsumer;

import java.time.Instant;

/**
 * An incident: something that an {@link AlertPolicy} watches, for longer than it may be. Immutable.
 *
 * @param name {@code lag}, {@code age}, {@code blocked}, {@code rebalances}, {@code dead-letters}
 *     or {@code unclean-ends}; stable, see docs/OPERATIONS.md
 * @param subject what it is about, where several can be at once: of {@code blocked} the partition,
 *     or the code of a {@link Cause} that is about the whole consumer; else empty
 * @param since when it was first seen, by the wall clock
 * @param evidence what was seen when it was told, with numbers, for a person
 */
public record Alert(String name, String subject, Instant since, String evidence) {

  /** In one line, as a log has it. */
  @Override
  public String toString() {
    return name
        + (subject.isEmpty() ? "" : "(" + subject + ")")
        + " since "
        + since
        + ": "
        + evidence;
  }
}
