package io.github.safeconsumer.sim;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/** L4: close() is over within its bound, and names exactly what still runs. */
final class CloseCheck implements Check {
  private static final long GRACE = TimeUnit.MILLISECONDS.toNanos(1_500);

  private record Asked(long at, long bound, boolean blocking) {}

  private final Verdicts verdicts;
  private final Circumstances circumstances;
  private final Function<String, Set<String>> running;
  private final Map<Long, Asked> asked = new HashMap<>();

  /**
   * @param running what runs now in a consumer, as topic-partition@offset
   */
  CloseCheck(
      Verdicts verdicts, Circumstances circumstances, Function<String, Set<String>> running) {
    this.verdicts = verdicts;
    this.circumstances = circumstances;
    this.running = running;
  }

  @Override
  public void see(long now, Fact fact) {
    if (fact instanceof Fact.CloseAsked close) {
      asked.put(close.id(), new Asked(now, close.boundNanos(), close.blocking()));
    } else if (fact instanceof Fact.Reported reported) {
      reported(now, reported);
    }
  }

  private void reported(long now, Fact.Reported reported) {
    Asked close = asked.remove(reported.id());
    if (close == null) {
      return; // the consumer ended by itself
    }
    String consumer = reported.consumer();
    verdicts.checked(Invariant.L4);
    long took = now - close.at() - circumstances.stalled(consumer, close.at(), now);
    boolean excused = !close.blocking() && circumstances.troubled(consumer, close.at(), now);
    if (took > close.bound() + GRACE && !excused) {
      verdicts.violated(
          Invariant.L4,
          consumer
              + " close("
              + TimeUnit.NANOSECONDS.toMillis(close.bound())
              + " ms) took "
              + TimeUnit.NANOSECONDS.toMillis(took)
              + " ms");
    }
    if (reported.over()) {
      truth(reported, new TreeSet<>(running.apply(consumer)));
    }
  }

  private void truth(Fact.Reported reported, Set<String> runs) {
    Set<String> unnamed = new HashSet<>(runs);
    unnamed.removeAll(reported.records());
    if (!unnamed.isEmpty()) {
      verdicts.violated(
          Invariant.L4,
          reported.consumer() + " is closed, does not name and still runs " + unnamed);
    }
    if (reported.clean() && !runs.isEmpty()) {
      verdicts.violated(Invariant.L4, reported.consumer() + " closed cleanly and runs " + runs);
    }
  }
}
