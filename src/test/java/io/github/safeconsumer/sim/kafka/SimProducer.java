package io.github.safeconsumer.sim.kafka;

import java.lang.reflect.Proxy;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.producer.Callback;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * The producer of the dead letters. Answers come on its own thread, later: they may be late, they
 * may be lost after the record was written.
 */
final class SimProducer {
  private static final long DELIVERY_TIMEOUT = TimeUnit.SECONDS.toNanos(120);
  private static final long METADATA_TIMEOUT = TimeUnit.SECONDS.toNanos(60);
  private static final long RETRY = TimeUnit.MILLISECONDS.toNanos(200);

  private final SimCluster cluster;
  private final SimProcess process;
  private final Faults faults;
  private final Wire wire;
  private final World world;
  private boolean closed;

  private SimProducer(SimCluster cluster, SimProcess process) {
    this.cluster = cluster;
    this.process = process;
    this.faults = cluster.faults();
    this.wire = new Wire(cluster, process);
    this.world = cluster.world();
  }

  @SuppressWarnings("unchecked") // a proxy has no type arguments
  static Producer<byte[], byte[]> create(
      SimCluster cluster, SimProcess process, Map<String, Object> config) {
    process.check();
    SimProducer producer = new SimProducer(cluster, process);
    producer.wire.pass(producer.wire.travel());
    if (cluster.faults().strikes(FaultKind.PRODUCER_CREATE_THROWS, process + " producer")) {
      throw new KafkaException("Failed to construct kafka producer");
    }
    return (Producer<byte[], byte[]>)
        Proxy.newProxyInstance(
            SimProducer.class.getClassLoader(),
            new Class<?>[] {Producer.class},
            (proxy, method, args) ->
                switch (method.getName()) {
                  case "send" ->
                      producer.send(
                          (ProducerRecord<byte[], byte[]>) args[0],
                          args.length > 1 ? (Callback) args[1] : null);
                  case "close" -> {
                    producer.close();
                    yield null;
                  }
                  case "flush" -> null;
                  case "hashCode" -> process.name().hashCode();
                  case "equals" -> proxy == args[0];
                  case "toString" -> "producer@" + process;
                  default -> throw new AssertionError("no business calling " + method.getName());
                });
  }

  private CompletableFuture<RecordMetadata> send(
      ProducerRecord<byte[], byte[]> record, @Nullable Callback callback) {
    process.check();
    if (closed) {
      throw new IllegalStateException("Cannot perform operation after producer has been closed");
    }
    String where = process + " send to " + record.topic();
    CompletableFuture<RecordMetadata> sent = new CompletableFuture<>();
    Callback both =
        (metadata, failure) -> {
          if (failure == null) {
            sent.complete(metadata);
          } else {
            sent.completeExceptionally(failure);
          }
          if (callback != null) {
            callback.onCompletion(metadata, failure);
          }
        };
    wire.pass(20_000);
    if (faults.strikes(FaultKind.SEND_THROWS, where)) {
      throw new KafkaException("injected at send");
    }
    if (!cluster.exists(new TopicPartition(record.topic(), 0))) {
      wire.pass(METADATA_TIMEOUT);
      both.onCompletion(null, new TimeoutException("Topic " + record.topic() + " not present"));
      return sent;
    }
    if (faults.strikes(FaultKind.SEND_FATAL, where)) {
      wire.answer(() -> both.onCompletion(null, new KafkaException("the producer is broken")));
    } else if (faults.strikes(FaultKind.SEND_FAILED, where)) {
      wire.answer(() -> both.onCompletion(null, new TimeoutException("not written")));
    } else {
      transmit(record, both, where, world.nanos() + DELIVERY_TIMEOUT);
    }
    return sent;
  }

  /** As the producer does it by itself: again and again, until the delivery time-out. */
  private void transmit(
      ProducerRecord<byte[], byte[]> record, Callback callback, String where, long deadline) {
    boolean unanswered = faults.strikes(FaultKind.SEND_UNANSWERED, where);
    long slow = faults.strikes(FaultKind.SEND_SLOW, where) ? faults.lasts(FaultKind.SEND_SLOW) : 0;
    wire.send(
        slow,
        cluster::answers,
        reachable -> {
          if (process.killed() && !reachable) {
            return;
          }
          if (reachable && cluster.exists(new TopicPartition(record.topic(), 0))) {
            RecordMetadata metadata = write(record);
            wire.answer(
                () ->
                    callback.onCompletion(
                        unanswered ? null : metadata,
                        unanswered ? new TimeoutException("no answer") : null));
          } else if (closed || deadline - world.nanos() <= 0) {
            wire.answer(() -> callback.onCompletion(null, new TimeoutException("not written")));
          } else {
            process.background(RETRY, () -> transmit(record, callback, where, deadline));
          }
        });
  }

  private RecordMetadata write(ProducerRecord<byte[], byte[]> record) {
    SimTopic topic = cluster.topic(record.topic());
    Integer wanted = record.partition();
    int hash = record.key() == null ? 0 : java.util.Arrays.hashCode(record.key());
    int partition = wanted != null ? wanted : Math.floorMod(hash, topic.partitions());
    TopicPartition to = new TopicPartition(record.topic(), partition);
    long offset =
        cluster.log(to).append(world.millis(), record.key(), record.value(), record.headers());
    world.trace("sent " + to + "@" + offset + " by " + process);
    cluster.watch().recordSent(process, to, offset, record);
    return new RecordMetadata(to, offset, 0, world.millis(), 0, 0);
  }

  private void close() {
    process.check();
    wire.pass(wire.travel());
    closed = true;
  }
}
