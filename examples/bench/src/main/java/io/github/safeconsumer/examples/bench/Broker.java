package io.github.safeconsumer.examples.bench;

import io.github.safeconsumer.localkafka.LocalKafka;

/** The broker, in a JVM of its own, with the flags and settings of a server, not of a test. */
final class Broker {
  private Broker() {}

  static LocalKafka start() {
    return LocalKafka.builder()
        .jvmFlags(
            "-Xms1g",
            "-Xmx1g",
            "-XX:+UseG1GC",
            "-XX:MaxGCPauseMillis=20",
            "-XX:InitiatingHeapOccupancyPercent=35",
            "-XX:+ExplicitGCInvokesConcurrent")
        .brokerProperty("num.network.threads", "3")
        .brokerProperty("num.io.threads", "8")
        .brokerProperty("log.cleaner.dedupe.buffer.size", "134217728")
        .brokerProperty("offsets.topic.num.partitions", "50")
        // Members that compute must not be expelled because the machine is busy.
        .brokerProperty("group.consumer.session.timeout.ms", "45000")
        .brokerProperty("group.consumer.heartbeat.interval.ms", "5000")
        .brokerProperty("group.consumer.max.session.timeout.ms", "60000")
        .brokerProperty("group.share.session.timeout.ms", "45000")
        .brokerProperty("group.share.heartbeat.interval.ms", "5000")
        .start();
  }
}
