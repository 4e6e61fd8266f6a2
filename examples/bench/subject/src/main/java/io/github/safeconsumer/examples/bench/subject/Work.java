package io.github.safeconsumer.examples.bench.subject;

import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * What a user would do with records; what that costs is the scenario's. Thread-safe. Keys are
 * strings; a value is a {@code byte[]}, or an {@link Order} where the run says so.
 */
public interface Work {
  /** Handles one record. */
  void handle(ConsumerRecord<?, ?> record) throws Exception;

  /** Handles a batch in one call: what the scenario's work costs is paid once. */
  void handleAll(List<? extends ConsumerRecord<?, ?>> records) throws Exception;

  /**
   * Says that the subject has given up by itself, so that the run need not wait for its time-out.
   */
  void failed(Throwable cause);
}
