package io.github.safeconsumer.sim;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * S12: what is admitted fits into the window whenever more was admitted. Each record takes its part
 * of a worker's window, and there are as many windows as attempts at once. From outside it cannot
 * be seen with which latency a step was reckoned, so the shortest one of the last ten seconds
 * counts; and while lanes come back that had waited for a retry, or partitions that were paused,
 * what was admitted is more than was granted.
 */
final class BudgetCheck implements Check {
  private static final long REMEMBERED = TimeUnit.SECONDS.toNanos(10);
  private static final long AFTER_FAILURE = TimeUnit.SECONDS.toNanos(3);

  private record Seen(long at, int perWorker) {}

  /** One topic: what was admitted last, and the highest figures of the last seconds. */
  private static final class Topic {
    final Deque<Seen> highest = new ArrayDeque<>();
    int admitted;

    void sees(long now, int perWorker) {
      while (!highest.isEmpty() && highest.getLast().perWorker() <= perWorker) {
        highest.removeLast();
      }
      highest.addLast(new Seen(now, perWorker));
      while (now - highest.getFirst().at() > REMEMBERED) {
        highest.removeFirst();
      }
    }

    double workers() {
      return (double) admitted / highest.getFirst().perWorker();
    }
  }

  private static final class State {
    final Map<String, Topic> topics = new HashMap<>();
    long failed = Long.MIN_VALUE / 2;
    boolean failing;

    /** More may be admitted than was granted. */
    boolean excused;
  }

  private final Verdicts verdicts;
  private final Circumstances circumstances;
  private final Map<String, State> states = new HashMap<>();

  BudgetCheck(Verdicts verdicts, Circumstances circumstances) {
    this.verdicts = verdicts;
    this.circumstances = circumstances;
  }

  private State state(String consumer) {
    return states.computeIfAbsent(consumer, c -> new State());
  }

  @Override
  public void see(long now, Fact fact) {
    if (fact instanceof Fact.Loaded loaded) {
      loaded(now, loaded);
    } else if (fact instanceof Fact.Ended ended && ended.end() != Fact.End.DONE) {
      failed(now, ended.consumer());
    } else if (fact instanceof Fact.Begun begun && begun.attempt() > 1) {
      failed(now, begun.consumer());
    } else if (fact instanceof Fact.Commanded commanded
        && (commanded.command() == Command.RESUME
            || commanded.command() == Command.RESUME_PARTITIONS)) {
      failed(now, commanded.consumer());
    } else if (fact instanceof Fact.Buried buried) {
      failed(now, buried.consumer());
    } else if (fact instanceof Fact.Turned turned) {
      state(turned.consumer()).failing = turned.failing();
      if (turned.failing()) {
        failed(now, turned.consumer());
      }
    }
  }

  private void failed(long now, String consumer) {
    state(consumer).failed = now;
    state(consumer).excused = true;
  }

  private void loaded(long now, Fact.Loaded loaded) {
    State state = state(loaded.consumer());
    boolean more = false;
    double workers = 0;
    for (Map.Entry<String, Fact.TopicLoad> entry : loaded.topics().entrySet()) {
      Topic topic = state.topics.computeIfAbsent(entry.getKey(), t -> new Topic());
      more |= entry.getValue().admitted() > topic.admitted;
      topic.admitted = entry.getValue().admitted();
      topic.sees(now, entry.getValue().perWorker());
      workers += topic.workers();
    }
    int concurrency = circumstances.traits(loaded.consumer()).concurrency();
    boolean fits = workers <= concurrency + 1e-6;
    if (state.excused) {
      state.excused = !fits || state.failing || now - state.failed < AFTER_FAILURE;
    } else if (more) {
      if (workers > concurrency / 2.0) {
        verdicts.checked(Invariant.S12B);
      }
      if (!fits) {
        verdicts.violated(
            Invariant.S12B,
            "%s admitted what takes %.2f workers the whole window, and has %d: %s"
                .formatted(loaded.consumer(), workers, concurrency, loaded.topics()));
      }
    }
  }
}
