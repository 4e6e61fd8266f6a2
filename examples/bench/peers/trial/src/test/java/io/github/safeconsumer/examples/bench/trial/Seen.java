package io.github.safeconsumer.examples.bench.trial;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.safeconsumer.examples.bench.subject.Order;
import io.github.safeconsumer.examples.bench.subject.RunSpec;
import io.github.safeconsumer.examples.bench.subject.Work;
import io.github.safeconsumer.examples.bench.subject.WorkSpec;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;

/** Work that remembers what it was given. */
public final class Seen implements Work {
  private static final long BOUND_NANOS = TimeUnit.SECONDS.toNanos(60);

  private final RunSpec spec;
  private final Set<String> places = new HashSet<>();
  private final Map<TopicPartition, Long> last = new HashMap<>();
  private boolean partitionOrderKept = true;
  private int running;
  private int mostAtOnce;
  private int largestCall;
  private Throwable failure;

  Seen(RunSpec spec) {
    this.spec = spec;
  }

  @Override
  public void handle(ConsumerRecord<?, ?> record) throws InterruptedException {
    call(List.of(record));
  }

  @Override
  public void handleAll(List<? extends ConsumerRecord<?, ?>> records) throws InterruptedException {
    call(records);
  }

  private void call(List<? extends ConsumerRecord<?, ?>> records) throws InterruptedException {
    begin(records.size());
    if (spec.work().kind() == WorkSpec.Kind.SLEEP) {
      TimeUnit.MICROSECONDS.sleep(spec.work().micros());
    }
    end(records);
  }

  private synchronized void begin(int size) {
    running++;
    mostAtOnce = Math.max(mostAtOnce, running);
    largestCall = Math.max(largestCall, size);
  }

  private synchronized void end(List<? extends ConsumerRecord<?, ?>> records) {
    running--;
    for (ConsumerRecord<?, ?> record : records) {
      Class<?> type = spec.json() ? Order.class : byte[].class;
      if (!(record.key() instanceof String) || !type.isInstance(record.value())) {
        failed(new AssertionError("key or value of the wrong type: " + record));
      }
      TopicPartition partition = new TopicPartition(record.topic(), record.partition());
      Long before = last.put(partition, record.offset());
      partitionOrderKept &= before == null || before < record.offset();
      places.add(partition + "@" + record.offset());
    }
    notifyAll();
  }

  @Override
  public synchronized void failed(Throwable cause) {
    failure = cause;
    notifyAll();
  }

  synchronized void await(int records) throws InterruptedException {
    long begin = System.nanoTime();
    while (places.size() < records && failure == null) {
      long left = BOUND_NANOS - (System.nanoTime() - begin);
      assertThat(left).as("time left, with %s of %s records", places.size(), records).isPositive();
      TimeUnit.NANOSECONDS.timedWait(this, left);
    }
    rethrow();
  }

  synchronized void rethrow() {
    if (failure != null) {
      throw new AssertionError("the subject gave up", failure);
    }
  }

  /** Whether each partition's records ended in the order of their offsets. */
  public synchronized boolean isPartitionOrderKept() {
    return partitionOrderKept;
  }

  /** The most calls that ran at the same time. */
  public synchronized int mostAtOnce() {
    return mostAtOnce;
  }

  /** The most records of one call. */
  public synchronized int largestCall() {
    return largestCall;
  }
}
