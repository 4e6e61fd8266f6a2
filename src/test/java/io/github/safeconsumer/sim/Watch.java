package io.github.safeconsumer.sim;

import io.github.safeconsumer.DeadLetter;
import io.github.safeconsumer.internal.deadletter.DeadLetterDecoder;
import io.github.safeconsumer.sim.kafka.ClientId;
import io.github.safeconsumer.sim.kafka.ClusterWatch;
import io.github.safeconsumer.sim.kafka.SimCluster;
import io.github.safeconsumer.sim.kafka.SimProcess;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.record.TimestampType;

/** From what the cluster shows to facts. A simulated Kafka process is one SafeConsumer here. */
final class Watch implements ClusterWatch {
  private final Simulation simulation;
  private Notes notes;

  Watch(Simulation simulation) {
    this.simulation = simulation;
  }

  /** Tells it which cluster it watches, which is made after it. */
  void watches(SimCluster cluster) {
    notes = new Notes(cluster);
  }

  private void see(Fact fact) {
    simulation.see(fact);
  }

  private static String consumer(ClientId client) {
    return client.process().name();
  }

  @Override
  public void clientCreated(ClientId client) {
    see(new Fact.Created(consumer(client), client.number()));
  }

  @Override
  public void clientClosed(ClientId client) {
    see(new Fact.Closed(consumer(client), client.number()));
  }

  @Override
  public void memberExpelled(ClientId client, String member, String reason) {
    see(new Fact.Expelled(consumer(client), client.number(), reason));
  }

  @Override
  public void partitionsAssigned(
      ClientId client, int generation, Collection<TopicPartition> partitions) {
    see(new Fact.Assigned(consumer(client), client.number(), Set.copyOf(partitions)));
  }

  @Override
  public void partitionsGone(ClientId client, Collection<TopicPartition> partitions) {
    see(new Fact.Revoked(consumer(client), client.number(), Set.copyOf(partitions)));
  }

  @Override
  public void partitionsLost(ClientId client, Collection<TopicPartition> partitions) {
    see(new Fact.Lost(consumer(client), client.number(), Set.copyOf(partitions)));
  }

  @Override
  public void commitApplied(
      ClientId client, TopicPartition partition, OffsetAndMetadata offset, int generation) {
    see(new Fact.Committed(consumer(client), client.number(), notes.read(partition, offset)));
  }

  @Override
  public void commitAnswered(
      ClientId client, Map<TopicPartition, OffsetAndMetadata> offsets, Exception failure) {
    List<Note.Position> positions =
        offsets.entrySet().stream().map(e -> notes.read(e.getKey(), e.getValue())).toList();
    see(new Fact.CommitAnswered(consumer(client), client.number(), positions, failure == null));
  }

  @Override
  public void commitTampered(String group, TopicPartition partition, OffsetAndMetadata offset) {
    see(new Fact.Tampered(partition, offset == null ? -1 : offset.offset()));
  }

  @Override
  public void recordSent(
      SimProcess process, TopicPartition to, long offset, ProducerRecord<byte[], byte[]> record) {
    Optional<DeadLetter> letter =
        DeadLetterDecoder.decode(
            new ConsumerRecord<>(
                to.topic(),
                to.partition(),
                offset,
                0L,
                TimestampType.CREATE_TIME,
                0,
                0,
                record.key(),
                record.value(),
                record.headers(),
                Optional.empty()));
    if (letter.isEmpty()) {
      see(new Fact.Misused("dead letter", "cannot be read: " + to + "@" + offset));
    } else {
      DeadLetter its = letter.get();
      see(new Fact.Buried(process.name(), its.origin(), its.offset(), its.reason()));
    }
  }

  private static boolean matters(String call) {
    return call.equals("poll") || call.equals("close") || call.startsWith("commitS");
  }

  @Override
  public void callStarted(ClientId client, String call) {
    if (call.equals("poll")) {
      simulation.polling(consumer(client), client.number());
    }
    if (matters(call)) {
      see(new Fact.CallBegun(consumer(client), client.number(), call));
    }
  }

  @Override
  public void callEnded(ClientId client, String call, long nanos, Throwable thrown) {
    if (matters(call) || thrown != null) {
      see(new Fact.CallEnded(consumer(client), client.number(), call, thrown != null));
    }
  }

  @Override
  public void violation(String rule, String what) {
    see(new Fact.Misused(rule, what));
  }

  @Override
  public void recordsReturned(
      ClientId client, TopicPartition partition, List<Long> offsets, boolean paused) {
    // what begins is what counts
  }
}
