package io.github.safeconsumer.internal.deadletter;

import io.github.safeconsumer.DeadLetter;
import io.github.safeconsumer.DeadLetterPolicy;
import io.github.safeconsumer.internal.config.Subscription;
import io.github.safeconsumer.internal.shell.Platform;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * A sink over Kafka's mock producer, stepped by the test. The mock acknowledges when the test says
 * so.
 */
final class SinkHarness {
  final ManualExecutor executor = new ManualExecutor();
  final List<Mock> producers = new ArrayList<>();
  Supplier<Mock> next = Mock::new;
  Executor closer = Runnable::run;
  final ProducerDeadLetterSink sink;

  SinkHarness(DeadLetterPolicy policy) {
    sink =
        new ProducerDeadLetterSink(
            policy,
            new Subscription(List.of("orders", "payments"), null),
            Map.of("client.id", "c"),
            settings -> {
              Mock made = next.get();
              producers.add(made);
              return made;
            },
            new ProducerDeadLetterSink.Surroundings(
                executor,
                executor.clock(),
                executor::nanoTime,
                () -> 0.5,
                task -> closer.execute(task),
                Platform.system().execution()::await));
  }

  static SinkHarness toTopic() {
    return new SinkHarness(DeadLetterPolicy.toTopic("dead"));
  }

  Told send(long offset) {
    Told told = new Told();
    told.letter = Letters.letter(offset);
    told.sending = sink.send(told.letter, told);
    return told;
  }

  /** Sends and runs the sink's thread. */
  Told sendNow(long offset) {
    Told told = send(offset);
    executor.run();
    return told;
  }

  Mock producer() {
    return producers.get(producers.size() - 1);
  }

  /** Fails the oldest letter in flight and lets the sink take note. */
  void fail(RuntimeException failure) {
    producer().errorNext(failure);
    executor.run();
  }

  /** Acknowledges the oldest letter in flight. */
  void acknowledge() {
    producer().completeNext();
    executor.run();
  }

  /** Whose send() can be made to act inside. */
  static class Mock extends MockProducer<byte[], byte[]> {
    Mock() {
      super(false, null, new ByteArraySerializer(), new ByteArraySerializer());
    }
  }

  /** What a letter's owner was told. */
  static final class Told implements DeadLetterSink.Progress {
    final List<String> all = new ArrayList<>();
    DeadLetter letter;
    DeadLetterSink.Sending sending;
    Runnable during = () -> {};

    @Override
    public void acknowledged(String topic) {
      all.add("acknowledged " + topic);
      during.run();
    }

    @Override
    public void failed(String topic, String exceptionClass, Duration delay) {
      all.add(
          "failed "
              + topic
              + " "
              + exceptionClass.substring(exceptionClass.lastIndexOf('.') + 1)
              + " "
              + delay.toMillis());
      during.run();
    }

    @Override
    public void blocked(String reason, String remedy) {
      all.add("blocked " + reason + "; " + remedy);
      during.run();
    }

    String last() {
      return all.isEmpty() ? "" : all.get(all.size() - 1);
    }
  }
}
