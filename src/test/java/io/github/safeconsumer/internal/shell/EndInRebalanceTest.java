package io.github.safeconsumer.internal.shell;

import static io.github.safeconsumer.internal.shell.Harness.A;
import static io.github.safeconsumer.internal.shell.Harness.B;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.safeconsumer.RecordContext;
import io.github.safeconsumer.RecordHandler;
import io.github.safeconsumer.SafeConsumerEvent;
import java.time.Duration;
import java.util.Collection;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.RebalanceInProgressException;
import org.apache.kafka.common.errors.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The last commit of a member that ends while its client refuses to commit for a rebalance. */
class EndInRebalanceTest {
  private static final TopicPartition C = new TopicPartition("orders", 2);

  private final Queue<String> told = new ConcurrentLinkedQueue<>();
  private final RecordHandler<byte[], byte[]> handler =
      new RecordHandler<>() {
        @Override
        public void handle(ConsumerRecord<byte[], byte[]> record, RecordContext context) {}

        @Override
        public void onAssigned(Collection<TopicPartition> partitions) {
          partitions.forEach(partition -> told.add("+" + partition.partition()));
        }

        @Override
        public void onRevoked(Collection<TopicPartition> partitions) {
          partitions.forEach(partition -> told.add("-" + partition.partition()));
        }

        @Override
        public void onLost(Collection<TopicPartition> partitions) {
          partitions.forEach(partition -> told.add("x" + partition.partition()));
        }
      };

  private Harness harness;
  private FakeConsumer client;

  /** Two records of each are done, and the client refuses to commit them. */
  @BeforeEach
  void beginRebalance() {
    harness = new Harness(handler);
    harness.own(A, B);
    client = harness.client();
    client.answerCommits = false;
    client.failures.put("commitSync", new RebalanceInProgressException("poll, then retry"));
    client.fill(A, 0, 2);
    client.fill(B, 0, 2);
    for (TopicPartition partition : new TopicPartition[] {A, B}) {
      harness.turnUntil("polled", () -> client.positions.get(partition) == 2);
      await("done").until(() -> harness.parts.assignment().get(partition).watermark() == 2);
    }
  }

  @AfterEach
  void end() {
    harness.close();
  }

  private long committed(TopicPartition partition) {
    OffsetAndMetadata committed = client.committed.get(partition);
    return committed == null ? -1 : committed.offset();
  }

  /** By the thread of the callbacks, which nobody waits for. */
  private void heard(String... all) {
    await().untilAsserted(() -> assertThat(told).containsExactlyInAnyOrder(all));
  }

  @Test
  void shouldCommitOnceTheRebalanceIsOver() {
    client.polls.add(() -> {});
    client.polls.add(client.failures::clear);
    client.fill(A, 2, 9); // nothing of it is fetched any more

    assertThat(harness.parts.loop().shutDown()).as("clean").isTrue();
    assertThat(committed(A)).isEqualTo(2);
    assertThat(committed(B)).isEqualTo(2);
    assertThat(client.positions).containsEntry(A, 2L);
    heard("+0", "+1", "-0", "-1");
    assertThat(client.closed).isTrue();
  }

  @Test
  void shouldCommitAndTellOnceOfWhatTheRebalanceTakesAwayAndBrings() {
    client.polls.add(
        () -> {
          client.failures.clear();
          client.revoke(B);
          client.failures.put("commitSync", new RebalanceInProgressException("once more"));
        });
    client.polls.add(
        () -> {
          client.positions.put(C, 0L);
          client.assign(C);
          client.failures.clear();
        });

    assertThat(harness.parts.loop().shutDown()).as("clean").isTrue();
    assertThat(committed(A)).isEqualTo(2);
    assertThat(committed(B)).isEqualTo(2);
    assertThat(committed(C)).as("never placed").isEqualTo(-1);
    heard("+0", "+1", "-0", "-1", "+2", "-2");
    await()
        .untilAsserted(
            () ->
                assertThat(harness.events(SafeConsumerEvent.PartitionsRevoked.class))
                    .flatExtracting(SafeConsumerEvent.PartitionsRevoked::partitions)
                    .containsExactlyInAnyOrder(A, B, C));
  }

  @Test
  void shouldNotCallItCleanWhenTheRebalanceEndsInALoss() {
    client.polls.add(
        () -> {
          client.lose(A, B);
          client.failures.clear();
        });

    assertThat(harness.parts.loop().shutDown()).isFalse();
    assertThat(committed(A)).as("another member's by now").isZero();
    await().untilAsserted(() -> assertThat(told).contains("x0", "x1"));
  }

  @Test
  void shouldNotCallItCleanWhenTheRebalanceTookAllAndTheirCommitFailed() {
    client.failures.put("commitSync", new TimeoutException("no broker answers"));
    client.polls.add(() -> client.revoke(A, B));
    harness.turns(1);

    assertThat(harness.parts.loop().shutDown()).isFalse();
  }

  @Test
  void shouldCallItCleanWhenThatWasMadeUpForSince() {
    client.failures.put("commitSync", new TimeoutException("no broker answers"));
    client.polls.add(() -> client.revoke(A, B));
    harness.turns(1);
    client.failures.clear();
    client.polls.add(() -> client.assign(A));
    harness.turns(1);

    assertThat(harness.parts.loop().shutDown()).as("clean").isTrue();
  }

  @Test
  void shouldEndWithinItsBoundWhenTheRebalanceDoesNot() {
    for (int second = 0; second < 100; second++) {
      client.polls.add(() -> harness.time.advance(Duration.ofSeconds(1)));
    }

    assertThat(harness.parts.loop().shutDown()).isFalse();
    assertThat(client.closed).isTrue();
    await("it is said")
        .until(() -> !harness.events(SafeConsumerEvent.CommitFailed.class).isEmpty());
    assertThat(client.polls).as("polls that were not needed").hasSizeBetween(60, 99);
  }

  @Test
  void shouldNotPollWhenTheCommitFailedForAnotherReason() {
    client.failures.put("commitSync", new TimeoutException("no answer"));
    int polled = client.pollBounds.size();

    assertThat(harness.parts.loop().shutDown()).isFalse();
    assertThat(client.pollBounds).hasSize(polled);
  }
}
