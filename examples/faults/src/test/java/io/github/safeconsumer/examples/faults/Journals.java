package io.github.safeconsumer.examples.faults;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Journals for tests, written by hand. */
final class Journals {
  static final long START = 1_000;

  private final List<Fact> facts = new ArrayList<>();
  private long now = START;

  Journals assigned(int member, Integer... partitions) {
    List<Long> numbers = Arrays.stream(partitions).map(Integer::longValue).toList();
    facts.add(new Fact(now, member, 100 + member, Fact.Kind.ASSIGNED, numbers));
    return this;
  }

  Journals begun(Place... places) {
    return each(Fact.Kind.BEGIN, places);
  }

  Journals done(Place... places) {
    begun(places);
    return each(Fact.Kind.DONE, places);
  }

  Journals failed(Place... places) {
    begun(places);
    return each(Fact.Kind.FAILED, places);
  }

  private Journals each(Fact.Kind kind, Place... places) {
    for (Place place : places) {
      facts.add(Fact.attempt(now, 0, 100, kind, place));
    }
    return this;
  }

  Journals at(long time) {
    now = time;
    return this;
  }

  Tally tally() {
    return Tally.of(facts);
  }
}
