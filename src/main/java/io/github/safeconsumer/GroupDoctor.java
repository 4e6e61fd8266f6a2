package io.github.safeconsumer;

import io.github.safeconsumer.internal.doctor.Consultation;
import io.github.safeconsumer.internal.shell.Platform;
import java.util.Map;
import java.util.Objects;

/**
 * Looks at a consumer group from outside, whoever its members are: lag, rates, who owns what, and
 * why lag grows. Changes nothing: it joins no group and commits nothing. Of members that are
 * SafeConsumers it also reads the notes beside their offsets, and so knows which records fail.
 *
 * <p>Needs DESCRIBE on the group and its topics; with READ on the topics it also knows how old the
 * oldest records are, with DESCRIBE_CONFIGS how long they are kept. What it may not see it says.
 *
 * <pre>{@code
 * try (GroupDoctor doctor = GroupDoctor.open(Map.of("bootstrap.servers", "localhost:9092"), "billing")) {
 *   doctor.look();
 *   // ten seconds later:
 *   doctor.look().causes().forEach(System.out::println);
 * }
 * }</pre>
 *
 * <p>Thread-safe: one look after the other.
 */
public final class GroupDoctor implements AutoCloseable {
  private final Consultation consultation;

  private GroupDoctor(Consultation consultation) {
    this.consultation = consultation;
  }

  /**
   * Checks the settings; connects to nothing yet.
   *
   * @param kafka how to reach the cluster and who one is, as for a consumer: a service's own
   *     consumer settings will do, since all but those of connection, security and {@code
   *     isolation.level} are left aside
   * @param group its id
   * @throws ConfigurationException naming every setting that cannot work
   */
  public static GroupDoctor open(Map<?, ?> kafka, String group) {
    return new GroupDoctor(
        new Consultation(
            Platform.system(),
            Objects.requireNonNull(kafka, "kafka"),
            Objects.requireNonNull(group, "group")));
  }

  /**
   * Looks once, and compares with the looks of the last half minute: rates, members that came and
   * went, and whether anything moves can be told from the second look on. Since a plain consumer
   * commits every five seconds, what stands still or falls behind is told once looks span ten
   * seconds. Blocks for as long as the brokers take to answer, up to some fifteen seconds for each
   * question.
   *
   * @throws org.apache.kafka.common.KafkaException where not even the group could be described; its
   *     message says what to do
   */
  public synchronized GroupReport look() {
    return consultation.look();
  }

  /** Ends its clients, within seconds. */
  @Override
  public synchronized void close() {
    consultation.close();
  }
}
