package io.github.safeconsumer.internal.replay;

import io.github.safeconsumer.DeadLetter;
import io.github.safeconsumer.DeadLetters.Entry;
import io.github.safeconsumer.ReplayReport.Refusal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/** What a replay counts. */
final class Tally {
  private static final int MOST_REFUSALS = 100;
  private static final int MOST_REMEMBERED = 100_000;

  long read;
  long foreign;
  long matched;
  long sent;
  long duplicates;
  final Map<String, Long> refused = new TreeMap<>();
  final List<Refusal> refusals = new ArrayList<>();
  final Map<String, Long> targets = new TreeMap<>();

  /** By target: the groups whose letters went there. */
  final Map<String, SortedSet<String>> groups = new TreeMap<>();

  private final Map<Copy, Boolean> seen =
      new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Copy, Boolean> eldest) {
          return size() > MOST_REMEMBERED;
        }
      };

  /**
   * What two copies of one letter share. The id alone is not enough: a topic that was created again
   * gives the same offsets to other records.
   */
  private record Copy(String id, long timestamp, int key, int value) {}

  /** Whether it was here before in this run; a letter can have been written twice. */
  boolean isCopy(DeadLetter letter) {
    Copy copy =
        new Copy(
            letter.id(),
            letter.timestamp(),
            Arrays.hashCode(letter.key()),
            Arrays.hashCode(letter.value()));
    return !letter.id().isEmpty() && seen.putIfAbsent(copy, true) != null;
  }

  void refuse(Entry entry, String reason) {
    refused.merge(reason, 1L, Long::sum);
    if (refusals.size() < MOST_REFUSALS) {
      refusals.add(new Refusal(entry.place(), entry.letter().id(), reason));
    }
  }

  void sent(Entry entry, String target) {
    sent++;
    targets.merge(target, 1L, Long::sum);
    groups.computeIfAbsent(target, t -> new TreeSet<>()).add(entry.letter().groupId());
  }
}
