package io.github.safeconsumer.examples.bench.share;

import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** What is done with the records of one poll before the next. */
interface Handling extends AutoCloseable {
  void handle(List<ConsumerRecord<String, Object>> records) throws Exception;

  @Override
  default void close() {}
}
