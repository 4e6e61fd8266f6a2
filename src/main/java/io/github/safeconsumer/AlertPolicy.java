package io.github.safeconsumer;

import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * When somebody should be told. Each alert is one incident: it is told once when it begins and once
 * when it has ended, to the listener ({@link SafeConsumerEvent.AlertRaised} and {@link
 * SafeConsumerEvent.AlertEnded}), the log and the metrics. Immutable.
 *
 * <p>By default: a record that waits for an operator or is tried again for over a minute, a
 * dead-letter topic that cannot be written, five assignments or a single eviction within ten
 * minutes, and three unclean ends of owners within an hour. Lag, age and dead letters are not
 * watched by default: what is much of them only the application knows.
 */
public final class AlertPolicy {
  private static final Duration LONGEST = Duration.ofDays(7);

  private final OptionalLong lag;
  private final Duration lagFor;
  private final Optional<Duration> age;
  private final Duration ageFor;
  private final Optional<Duration> blockedFor;
  private final OptionalInt assignments;
  private final Duration assignmentsWithin;
  private final OptionalInt deadLetters;
  private final Duration deadLettersWithin;
  private final OptionalInt uncleanEndsAnHour;

  private AlertPolicy(
      OptionalLong lag,
      Duration lagFor,
      Optional<Duration> age,
      Duration ageFor,
      Optional<Duration> blockedFor,
      OptionalInt assignments,
      Duration assignmentsWithin,
      OptionalInt deadLetters,
      Duration deadLettersWithin,
      OptionalInt uncleanEndsAnHour) {
    this.lag = lag;
    this.lagFor = lagFor;
    this.age = age;
    this.ageFor = ageFor;
    this.blockedFor = blockedFor;
    this.assignments = assignments;
    this.assignmentsWithin = assignmentsWithin;
    this.deadLetters = deadLetters;
    this.deadLettersWithin = deadLettersWithin;
    this.uncleanEndsAnHour = uncleanEndsAnHour;
  }

  /** Nothing is watched. */
  public static AlertPolicy none() {
    return new AlertPolicy(
        OptionalLong.empty(),
        Duration.ZERO,
        Optional.empty(),
        Duration.ZERO,
        Optional.empty(),
        OptionalInt.empty(),
        Duration.ZERO,
        OptionalInt.empty(),
        Duration.ZERO,
        OptionalInt.empty());
  }

  /** What is watched where nothing else is said. */
  public static AlertPolicy defaults() {
    return none()
        .blockedFor(Duration.ofMinutes(1))
        .assignmentsOver(5, Duration.ofMinutes(10))
        .uncleanEndsOver(3);
  }

  /** More than so many records behind, over all partitions owned here, for longer than that. */
  public AlertPolicy lagOver(long records, Duration time) {
    atLeast("records", records, 1);
    return new AlertPolicy(
        OptionalLong.of(records),
        checked("time", time),
        age,
        ageFor,
        blockedFor,
        assignments,
        assignmentsWithin,
        deadLetters,
        deadLettersWithin,
        uncleanEndsAnHour);
  }

  /** The oldest record that is not done is older than this, for longer than that. */
  public AlertPolicy ageOver(Duration oldest, Duration time) {
    return new AlertPolicy(
        lag,
        lagFor,
        Optional.of(positive("oldest", oldest)),
        checked("time", time),
        blockedFor,
        assignments,
        assignmentsWithin,
        deadLetters,
        deadLettersWithin,
        uncleanEndsAnHour);
  }

  /** Something of {@code diagnose()} that begins with BLOCKED stands for longer than that. */
  public AlertPolicy blockedFor(Duration time) {
    return new AlertPolicy(
        lag,
        lagFor,
        age,
        ageFor,
        Optional.of(checked("time", time)),
        assignments,
        assignmentsWithin,
        deadLetters,
        deadLettersWithin,
        uncleanEndsAnHour);
  }

  /** So many assignments or more within that time, or a single eviction of this member. */
  public AlertPolicy assignmentsOver(int count, Duration within) {
    atLeast("count", count, 2);
    return new AlertPolicy(
        lag,
        lagFor,
        age,
        ageFor,
        blockedFor,
        OptionalInt.of(count),
        positive("within", within),
        deadLetters,
        deadLettersWithin,
        uncleanEndsAnHour);
  }

  /** So many dead letters or more within that time; at most 512 are counted. */
  public AlertPolicy deadLettersOver(int count, Duration within) {
    atLeast("count", count, 1);
    if (count > 512) {
      throw new IllegalArgumentException("count=" + count + " must be at most 512");
    }
    return new AlertPolicy(
        lag,
        lagFor,
        age,
        ageFor,
        blockedFor,
        assignments,
        assignmentsWithin,
        OptionalInt.of(count),
        positive("within", within),
        uncleanEndsAnHour);
  }

  /** So many owners of partitions that came here had died within an hour, or more. */
  public AlertPolicy uncleanEndsOver(int anHour) {
    atLeast("anHour", anHour, 1);
    return new AlertPolicy(
        lag,
        lagFor,
        age,
        ageFor,
        blockedFor,
        assignments,
        assignmentsWithin,
        deadLetters,
        deadLettersWithin,
        OptionalInt.of(anHour));
  }

  private static void atLeast(String name, long value, long least) {
    if (value < least) {
      throw new IllegalArgumentException(name + "=" + value + " must be at least " + least);
    }
  }

  private static Duration checked(String name, Duration time) {
    Objects.requireNonNull(time, name);
    if (time.isNegative() || time.compareTo(LONGEST) > 0) {
      throw new IllegalArgumentException(name + "=" + time + " must be from 0 to 7 days");
    }
    return time;
  }

  private static Duration positive(String name, Duration time) {
    if (checked(name, time).isZero()) {
      throw new IllegalArgumentException(name + "=" + time + " must be over 0");
    }
    return time;
  }

  public OptionalLong lag() {
    return lag;
  }

  public Duration lagFor() {
    return lagFor;
  }

  public Optional<Duration> age() {
    return age;
  }

  public Duration ageFor() {
    return ageFor;
  }

  public Optional<Duration> blockedFor() {
    return blockedFor;
  }

  public OptionalInt assignments() {
    return assignments;
  }

  public Duration assignmentsWithin() {
    return assignmentsWithin;
  }

  public OptionalInt deadLetters() {
    return deadLetters;
  }

  public Duration deadLettersWithin() {
    return deadLettersWithin;
  }

  public OptionalInt uncleanEndsAnHour() {
    return uncleanEndsAnHour;
  }
}
