package io.github.safeconsumer.examples.migrate.parallel;

import io.confluent.parallelconsumer.ParallelConsumerOptions;
import io.confluent.parallelconsumer.ParallelConsumerOptions.ProcessingOrder;
import io.confluent.parallelconsumer.ParallelStreamProcessor;
import io.github.safeconsumer.examples.migrate.member.Journal;
import io.github.safeconsumer.examples.migrate.member.Member;
import io.github.safeconsumer.examples.migrate.member.Spec;
import java.util.List;
import org.apache.kafka.clients.consumer.KafkaConsumer;

/** Parallel Consumer in the order of keys. */
public final class ParallelMember implements Member {
  private ParallelStreamProcessor<String, String> processor;

  /** Made by name. */
  public ParallelMember() {}

  @Override
  public void start(Spec spec, Journal journal) {
    processor =
        ParallelStreamProcessor.createEosStreamProcessor(
            ParallelConsumerOptions.<String, String>builder()
                .consumer(new KafkaConsumer<>(spec.kafka()))
                .ordering(ProcessingOrder.KEY)
                .maxConcurrency(4)
                // What is drained at the end; by default it may hold the rest of the topic.
                .messageBufferSize(100)
                .build());
    processor.subscribe(List.of(spec.topic()));
    processor.poll(context -> journal.handle(context.getSingleConsumerRecord()));
  }

  /** What it has fetched is done, and no more is: nothing is left ahead of the offset. */
  @Override
  public void close() {
    processor.closeDrainFirst();
  }
}
