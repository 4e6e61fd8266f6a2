package io.github.safeconsumer.internal.serde;

import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * A record's bytes could not be read. The cause is what the deserializer threw; its message can
 * hold data of the record.
 */
public final class DecodeFailure extends Exception {
  private static final long serialVersionUID = 1L;

  private final boolean key;

  DecodeFailure(boolean key, ConsumerRecord<?, ?> record, Throwable cause) {
    super(
        (key ? "key" : "value")
            + " of "
            + record.topic()
            + "-"
            + record.partition()
            + "@"
            + record.offset()
            + " cannot be deserialized: "
            + cause.getClass().getName(),
        cause);
    this.key = key;
  }

  /** True where the key failed, false where the value did. */
  public boolean isKey() {
    return key;
  }
}
