package io.github.safeconsumer.internal.doctor;

import io.github.safeconsumer.GroupReport;
import io.github.safeconsumer.internal.config.DeadLettersSettings;
import io.github.safeconsumer.internal.deadletter.DeadLetterProducerSettings;
import io.github.safeconsumer.internal.shell.Platform;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.jspecify.annotations.Nullable;

/** One look at a group after the other, with the clients that this takes. Not thread-safe. */
public final class Consultation implements AutoCloseable {
  private static final String NAME = "safeconsumer-doctor-";
  private static final Duration CLOSE = Duration.ofSeconds(2);
  // JMX wants every client of a process to have a name of its own.
  private static final AtomicInteger NEXT = new AtomicInteger();

  private final Platform platform;
  private final Map<String, Object> user;
  private final String group;
  private @Nullable Admin admin;
  private @Nullable OldestRecords oldest;
  private final Recollection recollection = new Recollection();

  /** Checks the settings; connects to nothing. */
  public Consultation(Platform platform, Map<?, ?> kafka, String group) {
    this.platform = platform;
    this.user = DeadLettersSettings.checkConnection(kafka, group);
    this.group = group;
  }

  /** Looks, and compares with the looks of the last half minute. */
  public GroupReport look() {
    LogReader logs = new LogReader(admin(), isolation(), oldest());
    GroupReader reader = new GroupReader(admin(), group, logs, platform.time()::millis);
    return Reporting.report(recollection.add(reader.read()));
  }

  private IsolationLevel isolation() {
    return "read_committed".equals(String.valueOf(user.get(ConsumerConfig.ISOLATION_LEVEL_CONFIG)))
        ? IsolationLevel.READ_COMMITTED
        : IsolationLevel.READ_UNCOMMITTED;
  }

  private Admin admin() {
    Admin open = admin;
    if (open == null) {
      Map<String, Object> settings =
          DeadLetterProducerSettings.inherited(user, AdminClientConfig.configNames());
      settings.put(AdminClientConfig.CLIENT_ID_CONFIG, NAME + NEXT.incrementAndGet());
      open = platform.admins().apply(settings);
      admin = open;
    }
    return open;
  }

  private OldestRecords oldest() {
    OldestRecords open = oldest;
    if (open == null) {
      open = new OldestRecords(this::reader, platform.time());
      oldest = open;
    }
    return open;
  }

  private Consumer<byte[], byte[]> reader() {
    Map<String, Object> settings =
        DeadLetterProducerSettings.inherited(user, ConsumerConfig.configNames());
    settings.put(ConsumerConfig.CLIENT_ID_CONFIG, NAME + NEXT.incrementAndGet());
    settings.put(ConsumerConfig.KEY_DESERIALIZER_CLASS_CONFIG, ByteArrayDeserializer.class);
    settings.put(ConsumerConfig.VALUE_DESERIALIZER_CLASS_CONFIG, ByteArrayDeserializer.class);
    settings.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
    settings.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
    settings.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
    // What was aborted is nothing that waits.
    settings.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
    // One record of each partition is enough.
    settings.put(ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG, 1_024);
    return platform.consumers().apply(settings);
  }

  @Override
  public void close() {
    if (oldest != null) {
      oldest.close();
    }
    if (admin != null) {
      admin.close(CLOSE);
    }
  }
}
