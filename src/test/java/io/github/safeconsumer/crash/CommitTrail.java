package io.github.safeconsumer.crash;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What is known of confirmed commits from asking the brokers. One commit of an owner is out at a
 * time, and each holds all that was done when it was sent. So of two commits that were seen, the
 * second one was sent after the first one was confirmed, and holds all that was done before the
 * last question whose answer did not show the first one yet.
 */
final class CommitTrail {
  private static final int NOTHING = -1;

  private final List<Integer> questions = new ArrayList<>();
  private final Map<Integer, int[]> lastTwo = new HashMap<>();
  private long seen;

  void see(int line, Fact fact) {
    if (fact instanceof Fact.Asked asked) {
      while (questions.size() <= asked.sample()) {
        questions.add(line);
      }
    } else if (fact instanceof Fact.Committed committed) {
      int[] two = lastTwo.computeIfAbsent(committed.partition(), p -> new int[] {NOTHING, NOTHING});
      two[0] = two[1];
      two[1] = questions.get(committed.since());
      seen++;
    }
  }

  /** All that was done of the partition before this line of the journal has been committed. */
  int coveredBefore(int partition) {
    int[] two = lastTwo.get(partition);
    return two == null ? NOTHING : two[0];
  }

  /** How many commits were seen. */
  long seen() {
    return seen;
  }
}
