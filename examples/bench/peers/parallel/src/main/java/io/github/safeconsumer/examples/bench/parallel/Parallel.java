package io.github.safeconsumer.examples.bench.parallel;

import io.confluent.parallelconsumer.ParallelConsumerOptions;
import io.confluent.parallelconsumer.ParallelConsumerOptions.CommitMode;
import io.confluent.parallelconsumer.ParallelConsumerOptions.ProcessingOrder;
import io.confluent.parallelconsumer.ParallelStreamProcessor;
import io.confluent.parallelconsumer.PollContext;
import io.github.safeconsumer.examples.bench.subject.OrderDeserializer;
import io.github.safeconsumer.examples.bench.subject.Partitions;
import io.github.safeconsumer.examples.bench.subject.RunSpec;
import io.github.safeconsumer.examples.bench.subject.Subject;
import io.github.safeconsumer.examples.bench.subject.Work;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;

/** Confluent Parallel Consumer. The settings and their reasons are in PEERS.md. */
public final class Parallel implements Subject {
  private final List<ParallelStreamProcessor<String, Object>> members = new ArrayList<>();

  /** Made by name. */
  public Parallel() {}

  @Override
  public void start(RunSpec spec, Work work) throws ExecutionException, InterruptedException {
    Buffer buffer = Buffer.of(spec, Partitions.of(spec));
    for (int member = 0; member < spec.members(); member++) {
      members.add(member(spec, buffer));
    }
    for (ParallelStreamProcessor<String, Object> member : members) {
      member.subscribe(spec.topics());
      member.poll(handling(spec, work));
    }
  }

  private static ParallelStreamProcessor<String, Object> member(RunSpec spec, Buffer buffer) {
    ParallelConsumerOptions.ParallelConsumerOptionsBuilder<String, Object> options =
        ParallelConsumerOptions.<String, Object>builder()
            .consumer(new KafkaConsumer<>(settings(spec, buffer)))
            .ordering(ProcessingOrder.valueOf(spec.ordering().name()))
            .maxConcurrency(spec.concurrency())
            .commitMode(CommitMode.PERIODIC_CONSUMER_ASYNCHRONOUS);
    if (spec.batchSize() > 0) {
      options.batchSize(spec.batchSize());
    }
    if (buffer.isGiven()) {
      options.messageBufferSize(buffer.records());
    }
    return ParallelStreamProcessor.createEosStreamProcessor(options.build());
  }

  private static Map<String, Object> settings(RunSpec spec, Buffer buffer) {
    Map<String, Object> settings = spec.consumerSettings();
    settings.put("enable.auto.commit", "false");
    settings.put("key.deserializer", StringDeserializer.class);
    settings.put(
        "value.deserializer", spec.json() ? OrderDeserializer.class : ByteArrayDeserializer.class);
    if (buffer.isGiven()) {
      settings.put("max.partition.fetch.bytes", buffer.fetchBytes());
    }
    return settings;
  }

  private static Consumer<PollContext<String, Object>> handling(RunSpec spec, Work work) {
    boolean batches = spec.batchSize() > 0;
    return context -> {
      try {
        if (batches) {
          work.handleAll(context.getConsumerRecordsFlattened());
        } else {
          work.handle(context.getSingleConsumerRecord());
        }
      } catch (Exception e) {
        // It would be tried again without end, but nothing is meant to fail.
        work.failed(e);
        throw new IllegalStateException(e);
      }
    };
  }

  @Override
  public void close() {
    members.forEach(ParallelStreamProcessor::closeDontDrainFirst);
  }
}
