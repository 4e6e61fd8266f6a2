package io.github.safeconsumer.examples.demo;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * The records of the orders topic: which record stands at which offset is a pure function, so the
 * verdict knows what each offset should have come to without asking any consumer.
 *
 * <p>A partition has five sections: one without trouble, then one for each trouble, which every
 * partition meets in another order. Between the troubles the orders are ordinary.
 */
final class OrderFeed {
  private static final long SEED = 20_260_101;
  private static final List<Kind> TROUBLES =
      List.of(Kind.MALFORMED, Kind.UNKNOWN_CUSTOMER, Kind.SLOW, Kind.DECLINED_TWICE);
  private static final List<String> ITEMS = List.of("teapot", "lantern", "notebook", "kettle");
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Scale scale;

  OrderFeed(Scale scale) {
    this.scale = scale;
  }

  Scale scale() {
    return scale;
  }

  Kind kind(int partition, int offset) {
    int length = scale.orders() / (1 + TROUBLES.size());
    int section = offset / length;
    if (section == 0) {
      return Kind.ORDINARY;
    }
    Kind trouble = TROUBLES.get((section - 1 + partition) % TROUBLES.size());
    boolean troubled =
        trouble == Kind.SLOW
            ? inTheMiddle(offset % length, length, scale.slow())
            : spread(offset % length, length, count(trouble));
    return troubled ? trouble : Kind.ORDINARY;
  }

  private int count(Kind trouble) {
    return switch (trouble) {
      case MALFORMED -> scale.malformed();
      case UNKNOWN_CUSTOMER -> scale.unknownCustomers();
      case DECLINED_TWICE -> scale.declined();
      case SLOW -> scale.slow();
      case ORDINARY -> 0;
    };
  }

  private static boolean inTheMiddle(int position, int length, int count) {
    int start = (length - count) / 2;
    return position >= start && position < start + count;
  }

  private static boolean spread(int position, int length, int count) {
    int step = length / count;
    return position % step == step / 2 && position / step < count;
  }

  /** How many records of the kind there are. */
  long total(Kind kind) {
    long total = 0;
    for (int partition = 0; partition < scale.partitions(); partition++) {
      for (int offset = 0; offset < scale.orders(); offset++) {
        if (kind(partition, offset) == kind) {
          total++;
        }
      }
    }
    return total;
  }

  /** How many records can be fulfilled. */
  long good() {
    return scale.total() - total(Kind.MALFORMED) - total(Kind.UNKNOWN_CUSTOMER);
  }

  byte[] key(int partition, int offset) {
    return id(partition, offset).getBytes(StandardCharsets.UTF_8);
  }

  byte[] body(int partition, int offset) {
    Kind kind = kind(partition, offset);
    SplittableRandom random = new SplittableRandom(SEED + partition * 1_000_003L + offset);
    Order order =
        new Order(
            id(partition, offset),
            (kind == Kind.UNKNOWN_CUSTOMER ? Fulfilment.CUSTOMERS : 0)
                + random.nextInt(1, Fulfilment.CUSTOMERS + 1),
            ITEMS.get(random.nextInt(ITEMS.size())),
            random.nextLong(100, 100_000),
            kind == Kind.DECLINED_TWICE ? Fulfilment.DECLINED_TWICE : "card",
            kind == Kind.SLOW ? Fulfilment.BY_CUSTOMS : "domestic");
    byte[] json = json(order);
    return kind == Kind.MALFORMED ? malformed(json, random.nextInt(3)) : json;
  }

  private static byte[] malformed(byte[] json, int how) {
    return switch (how) {
      case 0 ->
          new String(json, StandardCharsets.UTF_8)
              .substring(0, json.length / 2)
              .getBytes(StandardCharsets.UTF_8);
      case 1 -> "<order><item>teapot</item></order>".getBytes(StandardCharsets.UTF_8);
      default -> new byte[] {(byte) 0xff, (byte) 0xfe, 0, 1, 2, 3};
    };
  }

  private static String id(int partition, int offset) {
    return "o-" + partition + "-" + offset;
  }

  private static byte[] json(Order order) {
    try {
      return JSON.writeValueAsBytes(order);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("an order is always JSON", e);
    }
  }

  /**
   * Writes all of it.
   *
   * @throws IllegalStateException when a record does not stand at its offset
   */
  void send(String bootstrapServers, String topic) throws InterruptedException, ExecutionException {
    Map<String, Object> settings =
        Map.of(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers);
    try (KafkaProducer<byte[], byte[]> producer =
        new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer())) {
      List<Future<RecordMetadata>> last = new ArrayList<>();
      for (int offset = 0; offset < scale.orders(); offset++) {
        last.clear();
        for (int partition = 0; partition < scale.partitions(); partition++) {
          last.add(
              producer.send(
                  new ProducerRecord<>(
                      topic, partition, key(partition, offset), body(partition, offset))));
        }
      }
      // Idempotent and in order: when the last one stands at its offset, so do all before it.
      for (Future<RecordMetadata> sent : last) {
        if (sent.get().offset() != scale.orders() - 1) {
          throw new IllegalStateException("the topic " + topic + " was not empty: " + sent.get());
        }
      }
    }
  }
}
