package io.github.safeconsumer.internal.core;

import java.util.ArrayList;
import java.util.List;

/** The attempts of one partition that run now. Not thread-safe: its partition guards it. */
final class Running {
  private final ArrayList<Attempt> attempts = new ArrayList<>();

  void add(Attempt attempt) {
    attempt.place = attempts.size();
    attempts.add(attempt);
  }

  void remove(Attempt attempt) {
    int place = attempt.place;
    if (place < 0) {
      return;
    }
    Attempt last = attempts.remove(attempts.size() - 1);
    if (last != attempt) {
      attempts.set(place, last);
      last.place = place;
    }
    attempt.place = -1;
  }

  int count() {
    return attempts.size();
  }

  List<Attempt> all() {
    return List.copyOf(attempts);
  }
}
