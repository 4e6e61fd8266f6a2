package io.github.safeconsumer.testing;

import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.Future;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.Callback;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.NotEnoughReplicasException;
import org.jspecify.annotations.Nullable;

/** The producer of dead letters, on a {@link MemoryCluster}. */
final class MemoryProducer {
  private final MemoryCluster cluster;
  private final Executor network;

  /**
   * @param network runs what the producer's own thread would: the acknowledgements
   */
  MemoryProducer(MemoryCluster cluster, Executor network) {
    this.cluster = cluster;
    this.network = network;
  }

  @SuppressWarnings("unchecked") // a proxy has no type arguments
  Producer<byte[], byte[]> client() {
    return (Producer<byte[], byte[]>)
        Proxy.newProxyInstance(
            MemoryProducer.class.getClassLoader(), new Class<?>[] {Producer.class}, this::invoke);
  }

  @SuppressWarnings("unchecked") // arguments of the methods
  private @Nullable Object invoke(Object proxy, Method method, Object @Nullable [] given) {
    Object[] args = given == null ? new Object[0] : given;
    return switch (method.getName()) {
      case "send" -> send((ProducerRecord<byte[], byte[]>) args[0], (Callback) args[1]);
      case "flush", "close" -> null;
      case "hashCode" -> System.identityHashCode(proxy);
      case "equals" -> proxy == args[0];
      case "toString" -> "in-memory producer";
      default ->
          throw new UnsupportedOperationException(
              "the in-memory Kafka has no Producer." + method.getName());
    };
  }

  private Future<RecordMetadata> send(ProducerRecord<byte[], byte[]> record, Callback callback) {
    CompletableFuture<RecordMetadata> sent = new CompletableFuture<>();
    network.execute(() -> answer(record, callback, sent));
    return sent;
  }

  private void answer(
      ProducerRecord<byte[], byte[]> record,
      Callback callback,
      CompletableFuture<RecordMetadata> sent) {
    if (cluster.deadLetterTopicDown) {
      NotEnoughReplicasException down =
          new NotEnoughReplicasException("the topic is down, as the test wants it");
      sent.completeExceptionally(down);
      callback.onCompletion(null, down);
      return;
    }
    RecordMetadata metadata = metadata(cluster.write(record));
    sent.complete(metadata);
    callback.onCompletion(metadata, null);
  }

  static RecordMetadata metadata(ConsumerRecord<byte[], byte[]> record) {
    return new RecordMetadata(
        new TopicPartition(record.topic(), record.partition()),
        record.offset(),
        0,
        record.timestamp(),
        record.serializedKeySize(),
        record.serializedValueSize());
  }
}
