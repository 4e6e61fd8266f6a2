package io.github.safeconsumer.integration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.safeconsumer.CloseReport;
import io.github.safeconsumer.RecordContext;
import io.github.safeconsumer.RecordHandler;
import io.github.safeconsumer.SafeConsumerEvent;
import io.github.safeconsumer.support.Clients;
import io.github.safeconsumer.support.Consumers;
import io.github.safeconsumer.support.GroupProtocol;
import io.github.safeconsumer.support.PlainMember;
import io.github.safeconsumer.support.SharedKafka;
import io.github.safeconsumer.support.Topics;
import io.github.safeconsumer.support.WatchedConsumer;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * A rolling deployment ends members while their group still shares out what the one before gave up.
 * With the classic protocol a client refuses to commit just then.
 */
@Timeout(120)
class EndInRebalanceIT {
  private static final Duration SOON = Duration.ofSeconds(40);
  private static final Duration POLL = Duration.ofMillis(50);
  private static final Map<String, Object> COOPERATIVE = GroupProtocol.COOPERATIVE.settings(0);

  private final String brokers = SharedKafka.bootstrapServers();
  private final String group = Topics.uniqueName("group");
  private final String topic = Topics.create(brokers, "ends", 2);
  private final Set<String> handled = ConcurrentHashMap.newKeySet();
  private final CountDownLatch drained = new CountDownLatch(1);
  private volatile boolean ending;

  private final RecordHandler<String, String> handler =
      new RecordHandler<>() {
        @Override
        public void handle(ConsumerRecord<String, String> record, RecordContext context) {
          handled.add(record.partition() + "@" + record.offset());
        }

        @Override
        public void onRevoked(Collection<TopicPartition> partitions) {
          if (ending) {
            drained.countDown();
          }
        }
      };

  @Test
  void shouldCommitWhatIsDoneThoughItEndsWhileTheGroupSharesOut() throws Exception {
    try (Admin admin = Clients.admin(brokers);
        WatchedConsumer closes =
            new WatchedConsumer(brokers, group, handler, topic).with(COOPERATIVE);
        Consumer<String, String> neighbour = neighbour()) {
      closes.join();
      neighbour.subscribe(List.of(topic));
      await().atMost(SOON).until(() -> ownsOne(neighbour) && closes.active().size() == 1);
      TopicPartition own = closes.active().iterator().next();
      long refused = closes.clients().refusedCommits(); // when the neighbour joined
      // A third one joins. The group waits for the neighbour, which does not poll any more.
      PlainMember third = new PlainMember(brokers, group, topic, COOPERATIVE, records -> {});
      try {
        await("its client refuses to commit")
            .atMost(SOON)
            .until(
                () -> {
                  Clients.fill(brokers, topic, 2, 2);
                  return closes.clients().refusedCommits() > refused;
                });
        ending = true;
        CompletableFuture<CloseReport> closing =
            CompletableFuture.supplyAsync(() -> closes.commands().close(Duration.ofSeconds(30)));
        assertThat(drained.await(SOON.toSeconds(), TimeUnit.SECONDS)).isTrue();
        int done = handled.size(); // nothing starts any more
        long before = Consumers.committed(admin, group).getOrDefault(own, 0L);
        await()
            .atMost(SOON)
            .until(
                () -> {
                  neighbour.poll(POLL); // and so lets the group go on
                  return closing.isDone();
                });

        assertThat(closing.get().clean()).as(closing.get().toString()).isTrue();
        assertThat(Consumers.committed(admin, group)).containsEntry(own, (long) done);
        assertThat(before).as("else there was nothing to commit").isLessThan(done);
        assertThat(closes.events(SafeConsumerEvent.PartitionsLost.class)).isEmpty();
        assertThat(closes.events(SafeConsumerEvent.CommitFailed.class))
            .as("a rebalance is no failure")
            .isEmpty();
      } finally {
        third.close();
      }
    }
  }

  private static boolean ownsOne(Consumer<String, String> neighbour) {
    neighbour.poll(POLL);
    return neighbour.assignment().size() == 1;
  }

  private Consumer<String, String> neighbour() {
    Map<String, Object> settings = new HashMap<>(COOPERATIVE);
    settings.put("bootstrap.servers", brokers);
    settings.put("group.id", group);
    settings.put("auto.offset.reset", "latest");
    settings.put("enable.auto.commit", false);
    return new KafkaConsumer<>(settings, new StringDeserializer(), new StringDeserializer());
  }
}
