package io.github.safeconsumer.internal.core;

import java.util.ArrayList;
import java.util.List;

/**
 * The attempts of one partition that run now, alone or in the course of a {@link LaneRun}. Not
 * thread-safe: its partition guards it.
 */
final class Running {
  private final ArrayList<Attempt> attempts = new ArrayList<>();
  private final ArrayList<LaneRun> runs = new ArrayList<>();

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

  void add(LaneRun run) {
    run.place = runs.size();
    runs.add(run);
  }

  void remove(LaneRun run) {
    int place = run.place;
    if (place < 0) {
      return;
    }
    LaneRun last = runs.remove(runs.size() - 1);
    if (last != run) {
      runs.set(place, last);
      last.place = place;
    }
    run.place = -1;
  }

  List<LaneRun> runs() {
    return runs;
  }

  /** How many workers or asynchronous attempts are at it. */
  int count() {
    return attempts.size() + runs.size();
  }

  /** A run that is between two attempts has none. */
  List<Attempt> all() {
    if (runs.isEmpty()) {
      return List.copyOf(attempts);
    }
    List<Attempt> all = new ArrayList<>(attempts);
    for (LaneRun run : runs) {
      Attempt current = run.current();
      if (current != null && !current.hasReturned()) {
        all.add(current);
      }
    }
    return all;
  }
}
