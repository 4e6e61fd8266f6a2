package io.github.safeconsumer.examples.faults;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/**
 * One line of the journal: what a member says happened.
 *
 * @param at by the wall clock, in milliseconds
 * @param member number of the member
 * @param pid its process
 * @param kind what
 * @param numbers of an attempt: partition and offset; of an assignment: the partitions
 */
record Fact(long at, int member, long pid, Kind kind, List<Long> numbers) {
  private static final String SEPARATOR = " ";

  enum Kind {
    /** The member was given these partitions. */
    ASSIGNED,
    /** An attempt on the record begins. */
    BEGIN,
    /** It did the work. */
    DONE,
    /** It ended without. */
    FAILED
  }

  Fact {
    numbers = List.copyOf(numbers);
  }

  static Fact attempt(long at, int member, long pid, Kind kind, Place place) {
    return new Fact(at, member, pid, kind, List.of((long) place.partition(), place.offset()));
  }

  /** Of an attempt: which record. */
  Place place() {
    return new Place(numbers.get(0).intValue(), numbers.get(1));
  }

  /** Of an assignment. */
  List<Integer> partitions() {
    return numbers.stream().map(Long::intValue).toList();
  }

  String toLine() {
    String head = String.join(SEPARATOR, "" + at, "" + member, "" + pid, "" + kind);
    return numbers.stream()
        .map(number -> SEPARATOR + number)
        .collect(Collectors.joining("", head, ""));
  }

  static Fact parse(String line) {
    String[] words = line.split(SEPARATOR);
    return new Fact(
        Long.parseLong(words[0]),
        Integer.parseInt(words[1]),
        Long.parseLong(words[2]),
        Kind.valueOf(words[3]),
        Arrays.stream(words).skip(4).map(Long::valueOf).toList());
  }
}
