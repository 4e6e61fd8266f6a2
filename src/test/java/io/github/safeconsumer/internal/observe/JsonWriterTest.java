package io.github.safeconsumer.internal.observe;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonWriterTest {
  private static final ObjectMapper JACKSON = new ObjectMapper();
  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

  @Test
  void shouldEscapeEveryCharacterSoThatItReadsBackTheSame() throws Exception {
    for (int c = 0; c <= Character.MAX_VALUE; c++) {
      String text = "a" + (char) c + "b";

      String json = new JsonWriter().text(text).toString();

      assertThat(JACKSON.readTree(json).textValue())
          .as("character %04x written as %s", c, json)
          .isEqualTo(text);
    }
  }

  @Test
  void shouldSurviveUtf8WithLoneSurrogates() throws Exception {
    String text = "\ud83d\ude00 \ud800 \udc00\ud800";

    byte[] utf8 = new JsonWriter().text(text).toString().getBytes(StandardCharsets.UTF_8);

    assertThat(JACKSON.readTree(utf8).textValue()).isEqualTo(text);
  }

  /** Random documents read back as they were written, whatever is in them. */
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void shouldReadBackAsWritten(long seed) throws Exception {
    Random random = new Random(seed);
    for (int run = 0; run < 300; run++) {
      JsonWriter writer = new JsonWriter();

      JsonNode expected = write(writer, random, 4);

      assertThat(JACKSON.readTree(writer.toString()))
          .as("seed %d, run %d", seed, run)
          .isEqualTo(expected);
    }
  }

  private static JsonNode write(JsonWriter writer, Random random, int depth) {
    return switch (random.nextInt(depth > 0 ? 5 : 3)) {
      case 0 -> {
        long number = random.nextLong() >> random.nextInt(64);
        writer.number(number);
        yield (int) number == number ? NODES.numberNode((int) number) : NODES.numberNode(number);
      }
      case 1 -> {
        String text = text(random);
        writer.text(text);
        yield NODES.textNode(text);
      }
      case 2 -> {
        writer.nothing();
        yield NODES.nullNode();
      }
      case 3 -> array(writer, random, depth);
      default -> object(writer, random, depth);
    };
  }

  private static ArrayNode array(JsonWriter writer, Random random, int depth) {
    ArrayNode array = NODES.arrayNode();
    writer.beginArray();
    for (int i = random.nextInt(4); i > 0; i--) {
      array.add(write(writer, random, depth - 1));
    }
    writer.endArray();
    return array;
  }

  private static ObjectNode object(JsonWriter writer, Random random, int depth) {
    ObjectNode object = NODES.objectNode();
    writer.beginObject();
    for (int i = random.nextInt(4); i > 0; i--) {
      String name = i + text(random);
      writer.name(name);
      object.set(name, write(writer, random, depth - 1));
    }
    writer.endObject();
    return object;
  }

  private static String text(Random random) {
    StringBuilder text = new StringBuilder();
    for (int i = random.nextInt(12); i > 0; i--) {
      text.append((char) random.nextInt(random.nextBoolean() ? 0x80 : 0x10000));
    }
    return text.toString();
  }
}
