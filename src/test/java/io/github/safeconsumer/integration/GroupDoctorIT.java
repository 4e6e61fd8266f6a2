package io.github.safeconsumer.integration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.safeconsumer.Cause;
import io.github.safeconsumer.GroupReport;
import io.github.safeconsumer.RecordHandler;
import io.github.safeconsumer.RetryPolicy;
import io.github.safeconsumer.SafeConsumer;
import io.github.safeconsumer.support.Clients;
import io.github.safeconsumer.support.Consumers;
import io.github.safeconsumer.support.GroupProtocol;
import io.github.safeconsumer.support.Patient;
import io.github.safeconsumer.support.PlainMember;
import io.github.safeconsumer.support.SharedKafka;
import io.github.safeconsumer.support.Topics;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Groups of every kind of member and of both protocols, each looked at from outside while all run
 * at the same time, so that looking takes as long as for one.
 */
@Timeout(120)
class GroupDoctorIT {
  private static final Duration SOON = Duration.ofSeconds(60);
  private static final Duration BETWEEN = Duration.ofSeconds(2);
  private static final int POISON = 7;
  private static final int MANY = 40_000;

  private final String brokers = SharedKafka.bootstrapServers();
  private final List<AutoCloseable> open = new ArrayList<>();
  private final Map<Patient, String> troubled = new HashMap<>();
  private final List<Patient> failing = new ArrayList<>();
  private final List<Runnable> onceAllAreStarted = new ArrayList<>();
  private final List<Patient> fine = new ArrayList<>();

  @AfterEach
  void close() throws Exception {
    for (AutoCloseable one : open) {
      one.close();
    }
  }

  @Test
  void shouldNameWhatIsWrongOfEveryGroupAndRaiseNoFalseAlarm() throws Exception {
    for (GroupProtocol protocol : GroupProtocol.each()) {
      admitIdle(protocol);
      admitCatchingUp(protocol);
      admitStuck(protocol);
      failing.add(admitFailing(protocol));
      admitDeserted(protocol);
    }
    Patient transaction = admitWaitingForTransaction();
    Patient unknown = patient("nobody-has-heard-of", "GROUP_UNKNOWN");
    for (Runnable one : onceAllAreStarted) {
      one.run();
    }

    await("each has been seen for long enough")
        .atMost(SOON)
        .pollInterval(BETWEEN)
        .untilAsserted(
            () -> {
              fine.forEach(Patient::look);
              troubled.keySet().forEach(Patient::look);
              assertThat(troubled)
                  .allSatisfy((patient, code) -> assertThat(patient.codes()).containsExactly(code));
              assertThat(fine).allMatch(patient -> patient.watched(Duration.ofSeconds(12)));
            });

    assertThat(fine)
        .flatExtracting(Patient::allCodes)
        .as("no false alarm at any look")
        .containsOnly(Cause.NOTHING_WRONG);
    assertThat(transaction.last().causes().get(0).numbers()).containsEntry("offset", 5L);
    assertThat(unknown.last().state()).isEqualTo("DEAD");
    assertThat(troubled.keySet()).allMatch(patient -> patient.last().isTrouble());
    assertThat(failing).isNotEmpty().allSatisfy(GroupDoctorIT::assertTellsWhereHowOftenAndWho);
  }

  private static void assertTellsWhereHowOftenAndWho(Patient patient) {
    GroupReport report = patient.last();
    GroupReport.Partition partition = report.partitions().get(0);
    Cause cause = report.causes().get(0);
    assertThat(cause.numbers())
        .containsEntry("offset", (long) POISON)
        .containsEntry("topic", partition.partition().topic());
    assertThat((Integer) Objects.requireNonNull(cause.numbers().get("attempts"))).isPositive();
    assertThat(cause.evidence()).startsWith(partition.partition() + "@" + POISON + " failed ");
    assertThat(cause.remedy()).contains(partition.owner().orElseThrow());
    assertThat(report.toJson()).contains("\"code\":\"BLOCKED_RETRYING\"", "\"standsMs\":");
    assertThat(report.members()).hasSize(1);
  }

  private Patient patient(String group, String code) {
    Patient patient = new Patient(brokers, group);
    open.add(patient);
    if (code.equals(Cause.NOTHING_WRONG)) {
      fine.add(patient);
    } else {
      troubled.put(patient, code);
    }
    return patient;
  }

  private String topic(String name, int partitions, int records) {
    String topic = Topics.create(brokers, "doctor-" + name, partitions);
    Clients.fill(brokers, topic, partitions, records);
    return topic;
  }

  private PlainMember member(
      GroupProtocol protocol, String group, String topic, PlainMember.Work work) {
    Map<String, Object> settings = new HashMap<>(protocol.settings(1));
    PlainMember member = new PlainMember(brokers, group, topic, settings, work);
    open.add(0, member); // ends before who looks at it
    return member;
  }

  private void awaitCommitted(PlainMember member, int records) {
    onceAllAreStarted.add(() -> member.awaitCommitted(records));
  }

  private static String group(String what, GroupProtocol protocol) {
    return Topics.uniqueName(what + "-" + protocol);
  }

  private void admitIdle(GroupProtocol protocol) {
    String group = group("idle", protocol);
    String topic = topic("idle", 2, 20);
    awaitCommitted(member(protocol, group, topic, records -> {}), 20);
    patient(group, Cause.NOTHING_WRONG);
  }

  private void admitCatchingUp(GroupProtocol protocol) {
    String group = group("catching-up", protocol);
    String topic = topic("backlog", 2, MANY);
    awaitCommitted(member(protocol, group, topic, PlainMember.atPace(Duration.ofMillis(500))), 1);
    patient(group, Cause.NOTHING_WRONG);
  }

  /** Commits what comes before a record that it cannot get past. */
  private void admitStuck(GroupProtocol protocol) {
    String group = group("stuck", protocol);
    String topic = topic("poison", 1, 30);
    awaitCommitted(member(protocol, group, topic, PlainMember.failingAt(POISON)), POISON);
    patient(group, "BLOCKED_PARTITION");
  }

  private Patient admitFailing(GroupProtocol protocol) {
    String group = group("failing", protocol);
    String topic = topic("failing", 1, 30);
    SafeConsumer<String, String> consumer =
        Consumers.strings(
                brokers,
                group,
                RecordHandler.of(
                    (record, context) -> {
                      if (record.offset() == POISON) {
                        throw new IllegalStateException("the same at each attempt");
                      }
                    }))
            .kafka(protocol.settings(1))
            .topics(topic)
            .retry(RetryPolicy.fixed(Duration.ofMillis(200)).maxAttempts(1_000))
            .build();
    open.add(0, consumer);
    consumer.start();
    return patient(group, "BLOCKED_RETRYING");
  }

  private void admitDeserted(GroupProtocol protocol) {
    String group = group("deserted", protocol);
    String topic = topic("deserted", 1, 30);
    PlainMember member = member(protocol, group, topic, PlainMember.failingAt(POISON));
    awaitCommitted(member, POISON);
    onceAllAreStarted.add(member::close);
    patient(group, "NO_MEMBERS");
  }

  /** What comes before the transaction is done; who began it writes no more. */
  private Patient admitWaitingForTransaction() throws Exception {
    String group = group("transaction", GroupProtocol.EAGER);
    String topic = topic("transaction", 1, 5);
    Producer<String, String> producer =
        new KafkaProducer<>(
            Map.of(
                "bootstrap.servers", brokers,
                "transactional.id", topic,
                "transaction.timeout.ms", 300_000),
            new StringSerializer(),
            new StringSerializer());
    open.add(producer);
    producer.initTransactions();
    producer.beginTransaction();
    long minuteAgo = System.currentTimeMillis() - 60_000;
    producer.send(new ProducerRecord<>(topic, 0, minuteAgo, "k", "v")).get();
    Map<String, Object> committedOnly =
        Map.of(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
    PlainMember member = new PlainMember(brokers, group, topic, committedOnly, records -> {});
    open.add(0, member);
    awaitCommitted(member, 5);
    return patient(group, "BLOCKED_TRANSACTION");
  }
}
