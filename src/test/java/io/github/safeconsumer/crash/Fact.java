package io.github.safeconsumer.crash;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/** One line of the journal that all members of a group and the test write into together. */
public sealed interface Fact {
  /** In a line: no failure yet. */
  long NEVER = -1;

  /** In a line: the record has no key, so nothing orders it. */
  int NO_KEY = -1;

  /** In a line: it is not known which record. */
  Place NOWHERE = new Place(-1, -1);

  /** Which record of the topic. */
  record Place(int partition, long offset) {
    @Override
    public String toString() {
      return partition + "@" + offset;
    }
  }

  /**
   * An attempt entered the handler.
   *
   * @param seq number of the record among those of its key, from 0
   * @param last what {@code lastAttempt()} said
   * @param firstFailure what {@code firstFailureAt()} said, in ms, or {@link #NEVER}
   */
  record Begun(
      String member, Place place, int key, int seq, int attempt, boolean last, long firstFailure)
      implements Fact {}

  /** An attempt is about to leave the handler. */
  record Ended(String member, Place place, boolean ok, long nanos) implements Fact {}

  /**
   * An attempt is about to end its process.
   *
   * @param place which record; {@link #NOWHERE} where its deserializer is what kills
   */
  record Dying(String member, Place place) implements Fact {}

  /** Partitions were taken over; nothing of them has begun yet. */
  record Assigned(String member, List<Integer> partitions) implements Fact {}

  /** Partitions are handed over; nothing of them runs any more. */
  record Revoked(String member, List<Integer> partitions) implements Fact {}

  /** Partitions were lost without a hand-over. */
  record Lost(String member, List<Integer> partitions) implements Fact {}

  /** The process of the member is stopped, so that it will lose these partitions. */
  record Frozen(String member, List<Integer> partitions) implements Fact {}

  /** The process of the member is gone, by a kill or by itself. */
  record Killed(String member, long nanos) implements Fact {}

  /** The brokers are about to be asked what is committed. */
  record Asked(int sample) implements Fact {}

  /**
   * An answer differed from the one before.
   *
   * @param since the question whose answer did not show it yet: it was confirmed after that line
   */
  record Committed(int since, int partition, long offset, String metadata) implements Fact {}

  /** Anything else worth reading afterwards. */
  record Noted(String member, String text) implements Fact {}

  /** The fact in one line, without its end. */
  default String line() {
    if (this instanceof Begun f) {
      return join(
          "B",
          f.member,
          f.place.partition,
          f.place.offset,
          f.key,
          f.seq,
          f.attempt,
          f.last,
          f.firstFailure);
    } else if (this instanceof Ended f) {
      return join("E", f.member, f.place.partition, f.place.offset, f.ok, f.nanos);
    } else if (this instanceof Dying f) {
      return join("D", f.member, f.place.partition, f.place.offset);
    } else if (this instanceof Assigned f) {
      return join("A", f.member, numbers(f.partitions));
    } else if (this instanceof Revoked f) {
      return join("R", f.member, numbers(f.partitions));
    } else if (this instanceof Lost f) {
      return join("L", f.member, numbers(f.partitions));
    } else if (this instanceof Frozen f) {
      return join("F", f.member, numbers(f.partitions));
    } else if (this instanceof Killed f) {
      return join("K", f.member, f.nanos);
    } else if (this instanceof Asked f) {
      return join("S", f.sample);
    } else if (this instanceof Committed f) {
      return join("C", f.since, f.partition, f.offset, f.metadata);
    } else if (this instanceof Noted f) {
      return join("N", f.member, f.text.replace('\n', ' '));
    }
    throw new IllegalStateException("no line for " + this);
  }

  /** Reads what {@link #line} wrote. */
  static Fact parse(String line) {
    String[] f = line.split(" ", -1);
    return switch (f[0]) {
      case "B" ->
          new Begun(
              f[1],
              place(f),
              Integer.parseInt(f[4]),
              Integer.parseInt(f[5]),
              Integer.parseInt(f[6]),
              Boolean.parseBoolean(f[7]),
              Long.parseLong(f[8]));
      case "E" -> new Ended(f[1], place(f), Boolean.parseBoolean(f[4]), Long.parseLong(f[5]));
      case "D" -> new Dying(f[1], place(f));
      case "A" -> new Assigned(f[1], numbers(f[2]));
      case "R" -> new Revoked(f[1], numbers(f[2]));
      case "L" -> new Lost(f[1], numbers(f[2]));
      case "F" -> new Frozen(f[1], numbers(f[2]));
      case "K" -> new Killed(f[1], Long.parseLong(f[2]));
      case "S" -> new Asked(Integer.parseInt(f[1]));
      case "C" ->
          new Committed(
              Integer.parseInt(f[1]), Integer.parseInt(f[2]), Long.parseLong(f[3]), rest(f, 4));
      case "N" -> new Noted(f[1], rest(f, 2));
      default -> throw new IllegalArgumentException("not a line of a journal: " + line);
    };
  }

  private static Place place(String[] fields) {
    return new Place(Integer.parseInt(fields[2]), Long.parseLong(fields[3]));
  }

  private static String join(Object... fields) {
    return Arrays.stream(fields).map(String::valueOf).collect(Collectors.joining(" "));
  }

  private static String rest(String[] fields, int from) {
    return String.join(" ", Arrays.asList(fields).subList(from, fields.length));
  }

  private static String numbers(List<Integer> partitions) {
    return partitions.stream().sorted().map(String::valueOf).collect(Collectors.joining(","));
  }

  private static List<Integer> numbers(String text) {
    return text.isEmpty()
        ? List.of()
        : Arrays.stream(text.split(",")).map(Integer::valueOf).toList();
  }
}
