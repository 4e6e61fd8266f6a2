package io.github.safeconsumer.testing;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.serialization.Serializer;

/** Writes what a JsonDeserializer reads, with a plain Jackson mapper. */
final class JsonBytes implements Serializer<Object> {
  private final JsonMapper mapper = new JsonMapper();

  @Override
  public byte[] serialize(String topic, Object data) {
    try {
      return mapper.writeValueAsBytes(data);
    } catch (JsonProcessingException failed) {
      throw new SerializationException(
          "a plain Jackson mapper cannot write "
              + data.getClass().getName()
              + ": give a serializer to HandlerTestDriver.of(..), or use pipeBytes(..)",
          failed);
    }
  }
}
