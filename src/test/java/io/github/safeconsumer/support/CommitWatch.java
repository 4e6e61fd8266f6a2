package io.github.safeconsumer.support;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;

/**
 * Asks the broker over and over what a group has committed, and compares it with what its handler
 * finished: nothing may be committed that was not done, and no commit may go backwards.
 */
public final class CommitWatch implements AutoCloseable {
  private static final Duration EVERY = Duration.ofMillis(25);

  private final Admin admin;
  private final String group;
  private final Journal<String> journal;
  private final Thread thread = new Thread(this::run, "commit-watch");
  private final List<String> violations = new CopyOnWriteArrayList<>();
  private final Map<TopicPartition, Long> highest = new java.util.concurrent.ConcurrentHashMap<>();
  private final Map<TopicPartition, Set<Long>> read = new HashMap<>();
  private volatile boolean coordinatorMoves;
  private volatile boolean closed;
  private final AtomicInteger samples = new AtomicInteger();
  private final AtomicInteger unanswered = new AtomicInteger();

  public CommitWatch(String bootstrapServers, String group, Journal<String> journal) {
    this.admin = Clients.admin(bootstrapServers);
    this.group = group;
    this.journal = journal;
    thread.setDaemon(true);
    thread.start();
  }

  /**
   * From here on an answer may be one that was given before: a node that takes over as coordinator
   * answers for a moment with what it knows to be on all replicas, and learns only then that more
   * is.
   */
  public void coordinatorMoves() {
    coordinatorMoves = true;
  }

  private void run() {
    while (!closed) {
      try {
        Map<TopicPartition, OffsetAndMetadata> answer =
            admin
                .listConsumerGroupOffsets(group)
                .partitionsToOffsetAndMetadata()
                .get(2, TimeUnit.SECONDS);
        answer.forEach((partition, offset) -> compare(partition, offset));
        samples.incrementAndGet();
        TimeUnit.NANOSECONDS.sleep(EVERY.toNanos()); // the pace of the samples, not a wait
      } catch (ExecutionException | TimeoutException away) {
        unanswered.incrementAndGet();
      } catch (InterruptedException e) {
        return;
      }
    }
  }

  private void compare(TopicPartition partition, OffsetAndMetadata offset) {
    if (offset == null) {
      return;
    }
    // Finished is read after the answer came, so what was done at the commit is in it.
    long done = prefix(partition);
    if (offset.offset() > done) {
      violations.add(partition + ": committed " + offset.offset() + ", but done only " + done);
    }
    long before = highest.getOrDefault(partition, 0L);
    boolean known = !read.computeIfAbsent(partition, p -> new HashSet<>()).add(offset.offset());
    if (offset.offset() < before && !(coordinatorMoves && known)) {
      violations.add(partition + ": committed " + offset.offset() + " after " + before);
    }
    highest.merge(partition, offset.offset(), Math::max);
  }

  /** Everything below this offset was finished. */
  private long prefix(TopicPartition partition) {
    TreeSet<Long> offsets = new TreeSet<>();
    journal.finished().stream()
        .filter(e -> e.partition().equals(partition))
        .forEach(e -> offsets.add(e.offset()));
    long next = 0;
    for (long offset : offsets) {
      if (offset != next) {
        break;
      }
      next++;
    }
    return next;
  }

  /** What was committed of all partitions together when last asked. */
  public long committed() {
    return highest.values().stream().mapToLong(v -> v).sum();
  }

  public List<String> violations() {
    return new ArrayList<>(violations);
  }

  /** How often the broker answered, and how often not. */
  public String samples() {
    return samples + " samples, " + unanswered + " unanswered";
  }

  @Override
  public void close() {
    closed = true;
    thread.interrupt();
    admin.close(Duration.ofSeconds(1));
  }
}
