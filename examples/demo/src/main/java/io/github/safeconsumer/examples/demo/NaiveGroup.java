package io.github.safeconsumer.examples.demo;

import io.github.safeconsumer.examples.demo.report.Mark;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import org.apache.kafka.clients.consumer.CommitFailedException;
import org.apache.kafka.common.TopicPartition;

/**
 * As many naive loops as there are partitions, each on a thread of its own. A loop that ends in an
 * exception is started again after a second, which is kinder than the back-off of a container
 * platform.
 */
final class NaiveGroup implements Group {
  private static final String ID = "naive-loop";
  private static final String NAME = "naive loop";

  private static final Duration RESTART = Duration.ofSeconds(1);
  private static final Duration STOP_BOUND = Duration.ofSeconds(3);

  private final Map<String, Object> settings;
  private final String topic;
  private final int members;
  private final Journal journal;
  private final Timeline timeline;
  private final Fulfilment fulfilment = new Fulfilment();

  private final CountDownLatch stopping = new CountDownLatch(1);
  private final CompletableFuture<Void> joined = new CompletableFuture<>();
  private final Map<Integer, Integer> owned = new ConcurrentHashMap<>();
  private final Map<Integer, NaiveLoop> loops = new ConcurrentHashMap<>();
  private final List<Thread> threads = new ArrayList<>();
  private final AtomicInteger generation = new AtomicInteger();
  private final LongAdder crashes = new LongAdder();
  private final LongAdder evictions = new LongAdder();

  private volatile int firstGeneration;
  private volatile String news = "";

  NaiveGroup(
      ConsumerSettings settings, String topic, int members, Journal journal, Timeline timeline) {
    this.settings = settings.forGroup(ID);
    this.topic = topic;
    this.members = members;
    this.journal = journal;
    this.timeline = timeline;
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public String id() {
    return ID;
  }

  @Override
  public CompletableFuture<Void> join() {
    for (int member = 0; member < members; member++) {
      int number = member;
      Thread thread = new Thread(() -> supervise(number), "naive-" + number);
      thread.setDaemon(true);
      threads.add(thread);
      thread.start();
    }
    return joined;
  }

  private void supervise(int member) {
    try {
      do {
        NaiveLoop loop = new NaiveLoop(settings, fulfilment, journal, observer(member));
        loops.put(member, loop);
        runOnce(member, loop);
      } while (!stopping.await(RESTART.toMillis(), TimeUnit.MILLISECONDS));
    } catch (InterruptedException e) {
      // Only stop() interrupts: the thread ends.
    }
  }

  private void runOnce(int member, NaiveLoop loop) {
    try {
      loop.run(topic);
    } catch (CommitFailedException e) {
      // The end of an eviction: all that the poll brought was handled in vain.
    } catch (Exception e) {
      if (!isStopping()) {
        crashes.increment();
        news =
            ("member " + member + " crashed at " + loop.position())
                + (" (" + e.getClass().getSimpleName() + "), restarts");
        timeline.mark(NAME, Mark.Kind.CRASH, news);
      }
    }
  }

  private NaiveLoop.Observer observer(int member) {
    return new NaiveLoop.Observer() {
      @Override
      public void assigned(int generationId, Set<TopicPartition> partitions) {
        NaiveGroup.this.assigned(member, generationId, partitions);
      }

      @Override
      public void evicted() {
        evictions.increment();
        news = "member " + member + " has not polled for too long and is evicted, but works on";
        timeline.mark(NAME, Mark.Kind.EVICTION, news);
      }
    };
  }

  private void assigned(int member, int generationId, Set<TopicPartition> partitions) {
    if (isStopping()) {
      return;
    }
    int before = generation.getAndAccumulate(generationId, Math::max);
    int latest = Math.max(before, generationId);
    for (int next = before + 1; next <= latest; next++) {
      timeline.mark(NAME, Mark.Kind.REBALANCE, "generation " + next);
    }
    owned.put(member, partitions.size());
    if (!joined.isDone()
        && owned.size() == members
        && owned.values().stream().allMatch(count -> count == 1)) {
      firstGeneration = latest;
      joined.complete(null);
    }
  }

  private boolean isStopping() {
    return stopping.getCount() == 0;
  }

  @Override
  public Journal journal() {
    return journal;
  }

  @Override
  public long rebalances() {
    return generation.get() - firstGeneration;
  }

  @Override
  public String news() {
    return news;
  }

  /** Loops that a record ended. */
  long crashes() {
    return crashes.sum();
  }

  /** How often the group expelled a member that did not poll in time. */
  long evictions() {
    return evictions.sum();
  }

  @Override
  public void stop() {
    stopping.countDown();
    loops.values().forEach(NaiveLoop::stop);
    threads.forEach(Thread::interrupt);
    long end = System.nanoTime() + STOP_BOUND.toNanos();
    try {
      for (Thread thread : threads) {
        TimeUnit.NANOSECONDS.timedJoin(thread, Math.max(1, end - System.nanoTime()));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
