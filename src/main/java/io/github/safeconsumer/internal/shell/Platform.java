package io.github.safeconsumer.internal.shell;

import io.github.safeconsumer.internal.core.Solitude;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.DoubleSupplier;
import java.util.function.Function;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;

/**
 * What the library takes from outside: time, chance, threads and Kafka. The one place that names
 * Kafka's client classes, so that tests and simulations can put others in.
 *
 * @param random from 0 (inclusive) to 1
 * @param boot tells this process from every other one that commits for the group, now or before
 * @param solitude one for all consumers of the process
 * @param commitAtOnce whether what is done is committed at the next turn, instead of at a pace that
 *     spares the brokers; for tests, where time stands still between two calls
 */
public record Platform(
    Time time,
    DoubleSupplier random,
    Function<Map<String, Object>, Consumer<byte[], byte[]>> consumers,
    Function<Map<String, Object>, Producer<byte[], byte[]>> producers,
    Function<Map<String, Object>, Admin> admins,
    Execution execution,
    long boot,
    Solitude solitude,
    boolean commitAtOnce) {
  private static final Solitude SOLITUDE = new Solitude();
  private static final long BOOT = ThreadLocalRandom.current().nextLong();

  /** One that commits at the usual pace, and is a process of its own. */
  public Platform(
      Time time,
      DoubleSupplier random,
      Function<Map<String, Object>, Consumer<byte[], byte[]>> consumers,
      Function<Map<String, Object>, Producer<byte[], byte[]>> producers,
      Function<Map<String, Object>, Admin> admins,
      Execution execution) {
    this(
        time,
        random,
        consumers,
        producers,
        admins,
        execution,
        Double.doubleToLongBits(random.getAsDouble()),
        new Solitude(),
        false);
  }

  /** The real ones. */
  public static Platform system() {
    return new Platform(
        new SystemTime(),
        () -> ThreadLocalRandom.current().nextDouble(),
        KafkaConsumer::new,
        KafkaProducer::new,
        Admin::create,
        new SystemExecution(),
        BOOT,
        SOLITUDE,
        false);
  }

  private static final class SystemTime implements Time {
    @Override
    public long nanos() {
      return System.nanoTime();
    }

    @Override
    public long millis() {
      return System.currentTimeMillis();
    }
  }
}
