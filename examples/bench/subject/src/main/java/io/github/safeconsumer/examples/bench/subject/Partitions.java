package io.github.safeconsumer.examples.bench.subject;

import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;

/** How many partitions a run has, for systems whose settings depend on it. */
public final class Partitions {
  private Partitions() {}

  /** Of all topics of the run. */
  public static int of(RunSpec spec) throws ExecutionException, InterruptedException {
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", spec.bootstrap()))) {
      return admin.describeTopics(spec.topics()).allTopicNames().get().values().stream()
          .mapToInt(topic -> topic.partitions().size())
          .sum();
    }
  }
}
