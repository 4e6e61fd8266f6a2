package io.github.safeconsumer.internal.deadletter;

import io.github.safeconsumer.DeadLetterPolicy;
import io.github.safeconsumer.internal.config.KafkaSettings;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * Settings of the clients that write and check dead-letter topics. From the consumer they inherit
 * how to reach the cluster and how to prove who they are, and nothing else: a consumer's tuning,
 * interceptors or metric reporters are not meant for them. The user's own {@link
 * DeadLetterPolicy#producer} settings go over that.
 */
public final class DeadLetterProducerSettings {
  /**
   * Settings that clients share and that say how to connect; each is a whole name or, ending in a
   * dot, a prefix.
   */
  static final List<String> INHERITED =
      List.of(
          "bootstrap.servers",
          "client.dns.lookup",
          "security.",
          "sasl.",
          "ssl.",
          "socket.",
          "reconnect.",
          "connections.max.idle.ms",
          "metadata.recovery.",
          "enable.metrics.push",
          // Values such as ${file:...} are resolved by these.
          "config.providers",
          "config.providers.");

  private static final int REQUEST_MS = 10_000;
  private static final int DELIVERY_MS = 30_000;
  private static final int LINGER_MS = 5;
  // The sink's one thread waits this long at most for a topic that is not there.
  private static final int BLOCK_MS = 5_000;
  // The broker decides what is too large, not the client: the source topic may take more than
  // Kafka's default of 1 MiB.
  private static final int REQUEST_BYTES = 32 * 1024 * 1024;

  private DeadLetterProducerSettings() {}

  /** For the producer. */
  public static Map<String, Object> producer(KafkaSettings kafka, DeadLetterPolicy policy) {
    Map<String, Object> all = inherited(kafka.user(), ProducerConfig.configNames());
    all.put(ProducerConfig.CLIENT_ID_CONFIG, kafka.clientId() + "-dead-letter");
    all.put(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, REQUEST_MS);
    all.put(ProducerConfig.LINGER_MS_CONFIG, LINGER_MS);
    all.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, BLOCK_MS);
    all.put(ProducerConfig.MAX_REQUEST_SIZE_CONFIG, REQUEST_BYTES);
    // A topic's size limit counts compressed bytes, so a source record that came compressed may
    // only fit compressed. gzip needs no native code.
    all.put(ProducerConfig.COMPRESSION_TYPE_CONFIG, "gzip");
    // With several, the first batch to a topic just created can be refused while the second is
    // taken,
    // and the producer then waits for its delivery time-out to find its order again.
    all.put(ProducerConfig.MAX_IN_FLIGHT_REQUESTS_PER_CONNECTION, 1);
    all.putAll(policy.producer());
    all.putIfAbsent(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, delivery(all));
    all.put(ProducerConfig.ACKS_CONFIG, "all");
    all.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
    all.put(ProducerConfig.KEY_SERIALIZER_CLASS_CONFIG, ByteArraySerializer.class);
    all.put(ProducerConfig.VALUE_SERIALIZER_CLASS_CONFIG, ByteArraySerializer.class);
    return all;
  }

  /** For the Admin client that checks the topics at start. */
  public static Map<String, Object> admin(KafkaSettings kafka, DeadLetterPolicy policy) {
    Set<String> known = AdminClientConfig.configNames();
    Map<String, Object> all = inherited(kafka.user(), known);
    all.putAll(inherited(policy.producer(), known));
    all.put(AdminClientConfig.CLIENT_ID_CONFIG, kafka.clientId() + "-dead-letter-check");
    return all;
  }

  /** For the transactional producer of a replay: the same, but for what a person waits for. */
  public static Map<String, Object> replay(
      Map<String, Object> user, Map<String, Object> own, String transactionalId) {
    Map<String, Object> all = inherited(user, ProducerConfig.configNames());
    all.put(ProducerConfig.CLIENT_ID_CONFIG, transactionalId);
    all.put(ProducerConfig.MAX_REQUEST_SIZE_CONFIG, REQUEST_BYTES);
    all.put(ProducerConfig.COMPRESSION_TYPE_CONFIG, "gzip");
    all.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, DELIVERY_MS);
    all.put(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, REQUEST_MS);
    all.put(ProducerConfig.LINGER_MS_CONFIG, LINGER_MS);
    // As above: the target may have been created a moment ago.
    all.put(ProducerConfig.MAX_IN_FLIGHT_REQUESTS_PER_CONNECTION, 1);
    all.putAll(own);
    all.putIfAbsent(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, delivery(all));
    all.put(ProducerConfig.ACKS_CONFIG, "all");
    all.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
    all.put(ProducerConfig.TRANSACTIONAL_ID_CONFIG, transactionalId);
    all.put(ProducerConfig.KEY_SERIALIZER_CLASS_CONFIG, ByteArraySerializer.class);
    all.put(ProducerConfig.VALUE_SERIALIZER_CLASS_CONFIG, ByteArraySerializer.class);
    return all;
  }

  /** Of these settings, how to reach the cluster and who one is: what all clients share. */
  public static Map<String, Object> inherited(Map<String, Object> from, Set<String> known) {
    Map<String, Object> all = new HashMap<>();
    from.forEach(
        (name, value) -> {
          // A login module or SSL engine of the user's reads names under sasl. and ssl. that no
          // client knows.
          boolean readable =
              known.contains(name)
                  || name.startsWith("sasl.")
                  || name.startsWith("ssl.")
                  || name.startsWith("config.providers");
          if (readable && isInherited(name)) {
            all.put(name, value);
          }
        });
    return all;
  }

  private static boolean isInherited(String name) {
    return INHERITED.stream()
        .anyMatch(rule -> rule.endsWith(".") ? name.startsWith(rule) : name.equals(rule));
  }

  /** Kafka refuses a delivery time-out below request time-out plus linger. */
  private static int delivery(Map<String, Object> all) {
    long least =
        number(all.get(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG))
            + number(all.get(ProducerConfig.LINGER_MS_CONFIG));
    return (int) Math.min(Integer.MAX_VALUE, Math.max(DELIVERY_MS, least));
  }

  private static long number(@org.jspecify.annotations.Nullable Object value) {
    try {
      return Long.parseLong(String.valueOf(value).trim());
    } catch (NumberFormatException notOurs) {
      // The producer's constructor says what is wrong with it.
      return 0;
    }
  }
}
