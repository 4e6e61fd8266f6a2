package io.github.safeconsumer.internal.shell;

import io.github.safeconsumer.Preflight;
import io.github.safeconsumer.internal.core.SafeThrowables;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Questions to the cluster that the loop must not wait for, on a thread of their own: the check of
 * the dead-letter topics at start, the cluster's id, and whether an owned topic was deleted and
 * created again, which a consumer cannot see by itself when the new log has grown past its
 * position.
 */
final class Housekeeper {
  private static final Logger LOG = LoggerFactory.getLogger(Housekeeper.class);
  private static final Duration ANSWER = Duration.ofSeconds(10);
  private static final long EVERY_SECONDS = 5;

  private final Supplier<Admin> admins;
  private final ScheduledExecutorService thread;

  /**
   * Of every topic that was ever owned. Not forgotten with the ownership: a topic that is deleted
   * is first taken from its members, and a commit of theirs that was under way can reach the topic
   * that took its place, where the next ownership would believe it. Kept over a suspend, too.
   */
  private final Map<String, Uuid> topicIds;

  private final ConcurrentLinkedQueue<String> recreated = new ConcurrentLinkedQueue<>();
  private @Nullable Admin admin;
  private volatile @Nullable Thread asking;
  private volatile @Nullable String clusterId;

  Housekeeper(
      String name, Supplier<Admin> admins, Map<String, Uuid> topicIds, Execution execution) {
    this.topicIds = topicIds;
    this.admins = admins;
    this.thread = execution.single(name + "-housekeeper");
  }

  /** Runs a check at start; fails with what kept it from an answer, then it may be tried again. */
  @SuppressWarnings("FutureReturnValueIgnored") // the task catches everything
  CompletableFuture<List<Preflight.Finding>> check(
      Supplier<List<Preflight.Finding>> check, Duration after) {
    CompletableFuture<List<Preflight.Finding>> answer = new CompletableFuture<>();
    try {
      thread.schedule(
          () -> {
            asking = Thread.currentThread();
            try {
              readClusterId(admin());
              answer.complete(check.get());
            } catch (Throwable thrown) { // handed to the loop, which reports it and tries again
              answer.completeExceptionally(thrown);
            } finally {
              asking = null;
            }
          },
          after.toMillis(),
          TimeUnit.MILLISECONDS);
    } catch (RejectedExecutionException closed) {
      answer.completeExceptionally(closed);
    }
    return answer;
  }

  /** Watches the topics of these partitions, and their logs, from now on. */
  @SuppressWarnings("FutureReturnValueIgnored") // the task catches everything
  void watch(Supplier<Collection<TopicPartition>> owned, LogWatch logs) {
    thread.scheduleWithFixedDelay(
        () -> {
          compare(owned);
          look(logs);
        },
        0,
        EVERY_SECONDS,
        TimeUnit.SECONDS);
  }

  private void look(LogWatch logs) {
    asking = Thread.currentThread();
    try {
      logs.look(admin());
    } catch (Throwable thrown) { // brokers away or no permission: the next look may succeed
      LOG.debug("logs not looked at: {}", SafeThrowables.className(thrown));
    } finally {
      asking = null;
    }
  }

  /**
   * Looks at once, for partitions that were just taken over.
   *
   * @return done once it has looked, whether it got an answer or not
   */
  CompletableFuture<Void> lookNow(Collection<TopicPartition> taken) {
    CompletableFuture<Void> looked = new CompletableFuture<>();
    try {
      thread.execute(
          () -> {
            compare(() -> taken);
            looked.complete(null);
          });
    } catch (RejectedExecutionException closed) { // the consumer ends
      looked.complete(null);
    }
    return looked;
  }

  /** A topic that is another one than before, or null. */
  @Nullable String takeRecreated() {
    return recreated.poll();
  }

  @Nullable String clusterId() {
    return clusterId;
  }

  private void compare(Supplier<Collection<TopicPartition>> owned) {
    asking = Thread.currentThread();
    try {
      Set<String> topics =
          owned.get().stream().map(TopicPartition::topic).collect(Collectors.toSet());
      if (clusterId == null) {
        readClusterId(admin());
      }
      if (topics.isEmpty()) {
        return;
      }
      Map<String, KafkaFuture<TopicDescription>> answers =
          admin().describeTopics(topics).topicNameValues();
      for (Map.Entry<String, KafkaFuture<TopicDescription>> answer : answers.entrySet()) {
        compare(answer.getKey(), answer.getValue());
      }
    } catch (Throwable thrown) { // brokers away or no permission: the next look may succeed
      LOG.debug("topic ids not read: {}", SafeThrowables.className(thrown));
    } finally {
      asking = null;
    }
  }

  private void compare(String topic, KafkaFuture<TopicDescription> answer)
      throws InterruptedException {
    try {
      Uuid id = answer.get(ANSWER.toMillis(), TimeUnit.MILLISECONDS).topicId();
      if (id.equals(Uuid.ZERO_UUID)) {
        return; // a broker that has no ids: the topic is not another one once it has
      }
      Uuid before = topicIds.put(topic, id);
      if (before != null && !before.equals(id)) {
        recreated.add(topic);
      }
    } catch (ExecutionException | TimeoutException unanswered) {
      LOG.debug("id of topic {} not read: {}", topic, SafeThrowables.className(unanswered));
    }
  }

  private void readClusterId(Admin client) throws InterruptedException {
    try {
      clusterId =
          client.describeCluster().clusterId().get(ANSWER.toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException | TimeoutException unanswered) {
      LOG.debug("cluster id not read: {}", SafeThrowables.className(unanswered));
    }
  }

  private Admin admin() {
    Admin open = admin;
    if (open == null) {
      open = admins.get();
      admin = open;
    }
    return open;
  }

  /** Ends the thread and its client. True when both ended within the bound. */
  boolean close(long nanos) {
    CompletableFuture<Void> closed = new CompletableFuture<>();
    try {
      thread.execute(
          () -> {
            Thread.interrupted(); // meant for the question before
            if (admin != null) {
              admin.close(Duration.ZERO);
            }
            closed.complete(null);
          });
    } catch (RejectedExecutionException already) {
      closed.complete(null);
    }
    Thread waiting = asking;
    if (waiting != null) {
      waiting.interrupt(); // nobody needs the answer any more
    }
    return Pools.shutdown(thread, nanos) && closed.isDone();
  }
}
