package io.github.safeconsumer.examples.bench.subject;

import java.lang.management.ManagementFactory;
import javax.management.JMException;
import javax.management.MBeanServer;
import javax.management.ObjectName;

/** Commits of all consumers in this JVM, as Kafka's clients count them. */
final class CommitCount {
  private static final String CONSUMERS =
      "kafka.consumer:type=consumer-coordinator-metrics,client-id=*";

  private CommitCount() {}

  static long soFar() {
    MBeanServer server = ManagementFactory.getPlatformMBeanServer();
    try {
      double sum = 0;
      for (ObjectName consumer : server.queryNames(new ObjectName(CONSUMERS), null)) {
        sum += ((Number) server.getAttribute(consumer, "commit-total")).doubleValue();
      }
      return (long) sum;
    } catch (JMException e) {
      throw new IllegalStateException("could not read the commits of " + CONSUMERS, e);
    }
  }
}
