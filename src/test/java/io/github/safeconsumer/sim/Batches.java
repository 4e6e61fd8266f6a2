package io.github.safeconsumer.sim;

import io.github.safeconsumer.BatchContext;
import io.github.safeconsumer.BatchHandler;
import io.github.safeconsumer.Ordering;
import java.io.IOException;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;

/** The simulated user's handler of batches: one record after the other, of which some fail. */
final class Batches extends BatchHandler<byte[], byte[]> {
  private final Deeds deeds;
  private final Ordering ordering;

  Batches(Deeds deeds, Ordering ordering) {
    this.deeds = deeds;
    this.ordering = ordering;
  }

  @Override
  public void handle(List<ConsumerRecord<byte[], byte[]>> records, BatchContext context)
      throws Exception {
    long work = deeds.simulation().nextId();
    for (int i = 0; i < records.size(); i++) {
      deeds.begins(records.get(i), context.attempt(i), work, records.size());
    }
    Map<Integer, Throwable> failed = new HashMap<>();
    Throwable whole = new IllegalStateException("unwound");
    try {
      deeds.execution().mayYield();
      for (int i = 0; i < records.size(); i++) {
        handle(records.get(i), context.attempt(i), i, failed);
      }
      for (Map.Entry<Integer, Throwable> failure : failed.entrySet()) {
        context.fail(failure.getKey(), failure.getValue());
      }
      deeds.execution().mayYield();
      whole = null;
    } catch (Exception | StackOverflowError thrown) {
      whole = thrown;
      throw thrown;
    } finally {
      tell(records, work, failed, whole);
    }
  }

  /** Every other failure is told by fail(), the rest by a throw that hits the whole batch. */
  private void handle(
      ConsumerRecord<byte[], byte[]> record, int attempt, int index, Map<Integer, Throwable> failed)
      throws IOException, InterruptedException {
    boolean tell = deeds.random(record, -attempt).nextBoolean();
    try {
      deeds.act(record, attempt, true);
    } catch (IOException | IllegalStateException | StackOverflowError failure) {
      if (!tell) {
        throw failure;
      }
      failed.put(index, failure);
    }
  }

  private void tell(
      List<ConsumerRecord<byte[], byte[]>> records,
      long work,
      Map<Integer, Throwable> failed,
      Throwable whole) {
    Set<String> held = new HashSet<>();
    for (int i = 0; i < records.size(); i++) {
      ConsumerRecord<byte[], byte[]> record = records.get(i);
      String lane = Traits.lane(ordering, record.offset(), Deeds.key(record));
      Fact.End end = Fact.End.DONE;
      if (whole != null) {
        end = records.size() > 1 ? Fact.End.THROWN : Handlers.end(whole);
      } else if (failed.containsKey(i)) {
        end = held.add(lane) ? Handlers.end(failed.get(i)) : Fact.End.RETURNED;
      } else if (held.contains(lane)) {
        end = Fact.End.RETURNED;
      }
      deeds.ends(record, work, end);
    }
  }

  @Override
  public void onAssigned(Collection<TopicPartition> partitions) {
    deeds.callback();
  }

  @Override
  public void onRevoked(Collection<TopicPartition> partitions) {
    deeds.callback();
  }

  @Override
  public void onLost(Collection<TopicPartition> partitions) {
    deeds.callback();
  }
}
