package io.github.safeconsumer.internal.replay;

import io.github.safeconsumer.internal.deadletter.DeadLetterProducerSettings;
import io.github.safeconsumer.internal.shell.Platform;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * Makes the clients of one dead-letter topic.
 *
 * @param user checked settings, of which only those of connection and security are used
 */
record Access(Platform platform, Map<String, Object> user, String topic) {
  /** How long one question may take. */
  static final Duration ANSWER = Duration.ofSeconds(30);

  private static final String NAME = "safeconsumer-dead-letters-";
  // JMX wants every client of a process to have a name of its own.
  private static final AtomicInteger NEXT = new AtomicInteger();

  /**
   * A reader of the topic that is in no group.
   *
   * @param group whose offsets it can ask for, without ever joining it
   */
  Consumer<byte[], byte[]> reader(Optional<String> group) {
    Map<String, Object> settings =
        DeadLetterProducerSettings.inherited(user, ConsumerConfig.configNames());
    settings.put(ConsumerConfig.CLIENT_ID_CONFIG, NAME + NEXT.incrementAndGet());
    settings.put(ConsumerConfig.KEY_DESERIALIZER_CLASS_CONFIG, ByteArrayDeserializer.class);
    settings.put(ConsumerConfig.VALUE_DESERIALIZER_CLASS_CONFIG, ByteArrayDeserializer.class);
    settings.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
    settings.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
    // Retention may remove what is about to be read.
    settings.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
    // Of offsets too: one that a transaction is about to move is waited for.
    settings.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
    group.ifPresent(id -> settings.put(ConsumerConfig.GROUP_ID_CONFIG, id));
    return platform.consumers().apply(settings);
  }

  Producer<byte[], byte[]> producer(Map<String, Object> own, String transactionalId) {
    return platform
        .producers()
        .apply(DeadLetterProducerSettings.replay(user, own, transactionalId));
  }

  Admin admin() {
    Map<String, Object> settings =
        DeadLetterProducerSettings.inherited(user, AdminClientConfig.configNames());
    settings.put(AdminClientConfig.CLIENT_ID_CONFIG, NAME + NEXT.incrementAndGet());
    return platform.admins().apply(settings);
  }
}
