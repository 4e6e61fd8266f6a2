package io.github.safeconsumer.sim;

import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** L2: from the end of a poll to the next one less than half of max.poll.interval passes. */
final class CadenceCheck implements Check {
  private record Turn(int client, long at) {}

  private final Verdicts verdicts;
  private final Circumstances circumstances;
  private final Map<String, Turn> ended = new HashMap<>();

  CadenceCheck(Verdicts verdicts, Circumstances circumstances) {
    this.verdicts = verdicts;
    this.circumstances = circumstances;
  }

  @Override
  public void see(long now, Fact fact) {
    if (fact instanceof Fact.CallEnded call && call.call().equals("poll")) {
      ended.put(call.consumer(), new Turn(call.client(), now));
    } else if (fact instanceof Fact.Polling polling) {
      Turn last = ended.get(polling.consumer());
      if (last != null && last.client() == polling.client()) {
        judge(now, polling.consumer(), last.at());
      }
    } else if (fact instanceof Fact.Expelled expelled
        && expelled.reason().contains("poll")
        && !circumstances.isKilled(expelled.consumer())) {
      expelled(now, expelled);
    }
  }

  private void judge(long now, String consumer, long since) {
    long gap = now - since - circumstances.stalled(consumer, since, now);
    verdicts.checked(Invariant.L2);
    long most = circumstances.traits(consumer).maxPollNanos() / 2;
    if (gap > most && !circumstances.troubled(consumer, since, now)) {
      verdicts.violated(
          Invariant.L2,
          consumer
              + " did not poll for "
              + TimeUnit.NANOSECONDS.toMillis(gap)
              + " ms, with max.poll.interval.ms="
              + TimeUnit.NANOSECONDS.toMillis(2 * most));
    }
  }

  private void expelled(long now, Fact.Expelled expelled) {
    long interval = circumstances.traits(expelled.consumer()).maxPollNanos();
    if (circumstances.stalled(expelled.consumer(), now - interval, now) == 0
        && !circumstances.troubled(expelled.consumer(), now - interval, now - 1)) {
      verdicts.violated(Invariant.L2, expelled.consumer() + " was expelled: " + expelled.reason());
    }
  }
}
