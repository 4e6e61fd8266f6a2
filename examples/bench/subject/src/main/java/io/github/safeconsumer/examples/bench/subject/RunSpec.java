package io.github.safeconsumer.examples.bench.subject;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * One run of one subject.
 *
 * @param subject name of the class
 * @param bootstrap address of the broker
 * @param topics what to read, usually one
 * @param group a new group, which has no offsets
 * @param prime records that come before those that are measured; the run says so once they are
 *     handled. 0 where all records are there from the start.
 * @param records records that are measured
 * @param ordering which records must not overtake each other; subjects that have only one ordering
 *     ignore it
 * @param concurrency how many calls of the work may run at once; subjects that cannot ignore it
 * @param batchSize records in a call of {@link Work#handleAll}; 0 for {@link Work#handle}
 * @param json whether values are decoded into an {@link Order}, in the system's usual way
 * @param members consumers in this JVM, all in the group
 * @param timeoutMillis after this time the run has failed
 * @param work what handling costs
 * @param client further settings of the Kafka clients, the same for all subjects
 */
public record RunSpec(
    String subject,
    String bootstrap,
    List<String> topics,
    String group,
    long prime,
    long records,
    Ordering ordering,
    int concurrency,
    int batchSize,
    boolean json,
    int members,
    long timeoutMillis,
    WorkSpec work,
    Map<String, String> client) {

  /** Which records must not overtake each other. */
  public enum Ordering {
    PARTITION,
    KEY,
    UNORDERED
  }

  /**
   * What every Kafka consumer of the run is given: address, group, where to begin, and {@link
   * #client}. No deserializers, and nothing about commits.
   */
  public Map<String, Object> consumerSettings() {
    Map<String, Object> settings = new HashMap<>();
    settings.put("bootstrap.servers", bootstrap);
    settings.put("group.id", group);
    settings.put("auto.offset.reset", "earliest");
    settings.putAll(client);
    return settings;
  }
}
