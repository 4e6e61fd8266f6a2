package io.github.safeconsumer.support;

import io.github.safeconsumer.localkafka.LocalKafka;

/**
 * One broker for all tests of this JVM that leave it unharmed, started by the first that asks and
 * ended with the JVM. A test that kills, freezes or configures a broker starts its own.
 */
public final class SharedKafka {
  private SharedKafka() {}

  public static LocalKafka get() {
    return Holder.KAFKA;
  }

  public static String bootstrapServers() {
    return get().bootstrapServers();
  }

  private static final class Holder {
    private static final LocalKafka KAFKA = start();

    private static LocalKafka start() {
      LocalKafka kafka = LocalKafka.start(1);
      Runtime.getRuntime().addShutdownHook(new Thread(kafka::close, "shared-kafka-close"));
      return kafka;
    }
  }
}
