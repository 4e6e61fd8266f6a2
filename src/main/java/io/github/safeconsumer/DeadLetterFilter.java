package io.github.safeconsumer;

import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.common.TopicPartition;

/**
 * Which dead letters are meant: ready-made conditions, combined with {@link #and}, {@link #or} and
 * {@link #negate}. Unlike other predicates it knows its own text, so a replay that goes on under
 * the same id can tell that its filter has changed. Immutable and thread-safe.
 *
 * <p>"Exception" means the class of the letter's failure and those of its causes, by their full
 * names as the letter tells them: no class is loaded, and super classes are not known. The causes
 * are read from the letter's stack trace, so they are missing where that was cut.
 */
public final class DeadLetterFilter implements Predicate<DeadLetter> {
  private static final String CAUSE = "Caused by: ";

  private final String text;
  private final Predicate<? super DeadLetter> test;

  private DeadLetterFilter(String text, Predicate<? super DeadLetter> test) {
    this.text = text;
    this.test = test;
  }

  /** Every dead letter. */
  public static DeadLetterFilter all() {
    return new DeadLetterFilter("all", letter -> true);
  }

  /** A condition of the caller's with a text by which it is known again; change both together. */
  public static DeadLetterFilter of(String text, Predicate<? super DeadLetter> condition) {
    return new DeadLetterFilter(
        Objects.requireNonNull(text, "text"), Objects.requireNonNull(condition, "condition"));
  }

  /** The letter with this {@link DeadLetter#id}; more than one where it was sent twice. */
  public static DeadLetterFilter id(String id) {
    Objects.requireNonNull(id, "id");
    return new DeadLetterFilter("id=" + id, letter -> letter.id().equals(id));
  }

  /** Letters of this consumer group. */
  public static DeadLetterFilter group(String group) {
    Objects.requireNonNull(group, "group");
    return new DeadLetterFilter("group=" + group, letter -> letter.groupId().equals(group));
  }

  /** Letters that are there for one of these reasons. */
  public static DeadLetterFilter reason(DeadLetter.Reason... reasons) {
    List<DeadLetter.Reason> any = List.of(reasons);
    return new DeadLetterFilter(
        "reason=" + any.stream().map(Enum::name).collect(Collectors.joining("|")),
        letter -> any.contains(letter.reason()));
  }

  /** Letters of records of this topic. */
  public static DeadLetterFilter topic(String origin) {
    Objects.requireNonNull(origin, "origin");
    return new DeadLetterFilter(
        "topic=" + origin, letter -> letter.origin().topic().equals(origin));
  }

  /** Letters of records of this partition, whatever its topic. */
  public static DeadLetterFilter partition(int origin) {
    return new DeadLetterFilter(
        "partition=" + origin, letter -> letter.origin().partition() == origin);
  }

  /** Letters of records with an offset in this range, whatever their partition; both ends count. */
  public static DeadLetterFilter offsets(long from, long to) {
    if (from < 0 || to < from) {
      throw new IllegalArgumentException(
          "offsets " + from + " to " + to + ": give two numbers from 0, the smaller one first");
    }
    return new DeadLetterFilter(
        "offset=" + from + ".." + to, letter -> letter.offset() >= from && letter.offset() <= to);
  }

  /** Letters of records of one partition with an offset in this range; both ends count. */
  public static DeadLetterFilter offsets(TopicPartition origin, long from, long to) {
    return topic(origin.topic()).and(partition(origin.partition())).and(offsets(from, to));
  }

  /** The exception's full class name, or a part of it; upper and lower case are the same. */
  public static DeadLetterFilter exception(String part) {
    String wanted = part.toLowerCase(Locale.ROOT);
    return new DeadLetterFilter(
        "exception~" + part,
        letter -> exceptions(letter).anyMatch(n -> n.toLowerCase(Locale.ROOT).contains(wanted)));
  }

  /** The pattern is found in the exception's full class name. */
  public static DeadLetterFilter exception(Pattern pattern) {
    return new DeadLetterFilter(
        "exception~/" + pattern + "/" + (pattern.flags() == 0 ? "" : pattern.flags()),
        letter -> exceptions(letter).anyMatch(name -> pattern.matcher(name).find()));
  }

  /** An exception of exactly this class. */
  public static DeadLetterFilter exception(Class<? extends Throwable> type) {
    return new DeadLetterFilter(
        "exception=" + type.getName(),
        letter -> exceptions(letter).anyMatch(name -> name.equals(type.getName())));
  }

  /** Letters whose last failure was at this time or later. */
  public static DeadLetterFilter failedFrom(Instant time) {
    Objects.requireNonNull(time, "time");
    return new DeadLetterFilter("from=" + time, letter -> !letter.lastFailure().isBefore(time));
  }

  /** Letters whose last failure was before this time. */
  public static DeadLetterFilter failedBefore(Instant time) {
    Objects.requireNonNull(time, "time");
    return new DeadLetterFilter("before=" + time, letter -> letter.lastFailure().isBefore(time));
  }

  private static Stream<String> exceptions(DeadLetter letter) {
    return Stream.concat(
        Stream.of(letter.exceptionClass()).filter(name -> !name.isEmpty()),
        Arrays.stream(letter.stackTrace().split("\n"))
            .filter(line -> line.startsWith(CAUSE))
            .map(line -> line.substring(CAUSE.length())));
  }

  @Override
  public boolean test(DeadLetter letter) {
    return test.test(letter);
  }

  @Override
  public DeadLetterFilter and(Predicate<? super DeadLetter> other) {
    Objects.requireNonNull(other, "other");
    return new DeadLetterFilter(
        text + " and " + textOf(other), letter -> test.test(letter) && other.test(letter));
  }

  @Override
  public DeadLetterFilter or(Predicate<? super DeadLetter> other) {
    Objects.requireNonNull(other, "other");
    return new DeadLetterFilter(
        "(" + text + " or " + textOf(other) + ")",
        letter -> test.test(letter) || other.test(letter));
  }

  @Override
  public DeadLetterFilter negate() {
    return new DeadLetterFilter("not (" + text + ")", letter -> !test.test(letter));
  }

  /** Of a predicate that is not of this class nobody can tell what it asks for. */
  private static String textOf(Predicate<? super DeadLetter> other) {
    return other instanceof DeadLetterFilter filter ? filter.text : "(a condition without a text)";
  }

  /** What it asks for, such as {@code topic=orders and exception~Timeout}. */
  @Override
  public String toString() {
    return text;
  }
}
