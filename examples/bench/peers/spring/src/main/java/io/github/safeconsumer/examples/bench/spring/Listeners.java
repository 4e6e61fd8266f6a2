package io.github.safeconsumer.examples.bench.spring;

import io.github.safeconsumer.examples.bench.subject.Work;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.springframework.kafka.listener.BatchMessageListener;
import org.springframework.kafka.listener.MessageListener;

/** How the work is given to a container. */
final class Listeners {
  private Listeners() {}

  /** Called for each record. */
  record OfRecords(Work work) implements MessageListener<String, Object> {
    @Override
    public void onMessage(ConsumerRecord<String, Object> record) {
      try {
        work.handle(record);
      } catch (Exception e) {
        throw new IllegalStateException(e);
      }
    }
  }

  /** Called for all that a poll has brought. */
  record OfBatches(Work work) implements BatchMessageListener<String, Object> {
    @Override
    public void onMessage(List<ConsumerRecord<String, Object>> records) {
      try {
        work.handleAll(records);
      } catch (Exception e) {
        throw new IllegalStateException(e);
      }
    }
  }
}
