package io.github.safeconsumer.examples.bench.subject;

import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.serialization.Deserializer;

/** Reads an {@link Order} as a user of the bare client would: with one reader, made once. */
public final class OrderDeserializer implements Deserializer<Order> {
  private static final ObjectReader READER = JsonMapper.builder().build().readerFor(Order.class);

  /** Made by the client, by name. */
  public OrderDeserializer() {}

  @Override
  public Order deserialize(String topic, byte[] data) {
    try {
      return READER.readValue(data);
    } catch (IOException e) {
      throw new SerializationException("no order in a record of " + topic, e);
    }
  }
}
