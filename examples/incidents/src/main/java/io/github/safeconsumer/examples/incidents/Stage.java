package io.github.safeconsumer.examples.incidents;

import io.github.safeconsumer.AlertPolicy;
import io.github.safeconsumer.DeadLetterPolicy;
import io.github.safeconsumer.Outcome;
import io.github.safeconsumer.RecordHandler;
import io.github.safeconsumer.SafeConsumer;
import io.github.safeconsumer.localkafka.LocalKafka;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongFunction;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;

/** What an incident needs: a topic and a group of its own, a producer, and the consumer it hits. */
final class Stage implements AutoCloseable {
  private static final Duration ANSWER = Duration.ofSeconds(30);
  private static final int BURSTS_A_SECOND = 20;

  private final String name;
  private final ScheduledExecutorService hands = Executors.newScheduledThreadPool(2);
  private final CountDownLatch over = new CountDownLatch(1);
  private final AtomicReference<Long> begun = new AtomicReference<>();
  private String bootstrapServers;
  private LocalKafka broker;
  private Admin admin;
  private KafkaProducer<String, String> producer;
  private volatile SafeConsumer<String, String> consumer;
  private long produced;

  /**
   * @param name of topic and group
   */
  Stage(String bootstrapServers, String name) {
    this.name = name;
    connect(bootstrapServers);
  }

  private void connect(String bootstrapServers) {
    this.bootstrapServers = bootstrapServers;
    this.admin = Admin.create(Map.of("bootstrap.servers", bootstrapServers));
    this.producer =
        new KafkaProducer<>(
            Map.of("bootstrap.servers", bootstrapServers),
            new StringSerializer(),
            new StringSerializer());
  }

  /** For an incident that others on the same broker would feel. */
  void useItsOwnBroker() {
    disconnect();
    broker = LocalKafka.start(1);
    connect(broker.bootstrapServers());
  }

  LocalKafka broker() {
    return broker;
  }

  private void disconnect() {
    producer.close(Duration.ZERO);
    admin.close(Duration.ZERO);
  }

  String topic() {
    return name;
  }

  String group() {
    return name;
  }

  Admin admin() {
    return admin;
  }

  Map<String, Object> kafka() {
    Map<String, Object> kafka = new HashMap<>();
    kafka.put("bootstrap.servers", bootstrapServers);
    kafka.put("group.id", name);
    kafka.put("auto.offset.reset", "earliest");
    kafka.put("session.timeout.ms", "6000");
    kafka.put("heartbeat.interval.ms", "500");
    return kafka;
  }

  void createTopic(String topic, int partitions, Map<String, String> settings) throws Exception {
    admin
        .createTopics(List.of(new NewTopic(topic, partitions, (short) 1).configs(settings)))
        .all()
        .get(ANSWER.toSeconds(), TimeUnit.SECONDS);
    awaitTopic(topic, partitions);
  }

  /** Brokers hear of a new topic one after the other, the last a moment after it was made. */
  private void awaitTopic(String topic, int partitions) throws Exception {
    long deadline = System.nanoTime() + ANSWER.toNanos();
    while (true) {
      try {
        TopicDescription found =
            admin
                .describeTopics(List.of(topic))
                .allTopicNames()
                .get(ANSWER.toSeconds(), TimeUnit.SECONDS)
                .get(topic);
        if (found.partitions().size() == partitions
            && found.partitions().stream().allMatch(one -> one.leader() != null)) {
          return;
        }
      } catch (ExecutionException unknownYet) {
        if (System.nanoTime() - deadline > 0) {
          throw unknownYet;
        }
      }
    }
  }

  /** A builder with all that an incident does not decide itself. Alerts come at once. */
  SafeConsumer.Builder<String, String> builder(RecordHandler<String, String> handler) {
    return SafeConsumer.<String, String>builder()
        .kafka(kafka())
        .topics(topic())
        .keyDeserializer(new StringDeserializer())
        .valueDeserializer(new StringDeserializer())
        .handler(handler)
        .deadLetter(DeadLetterPolicy.none())
        .alerts(AlertPolicy.defaults().blockedFor(Duration.ZERO))
        .shutdownHook(false);
  }

  /** Starts the consumer, and waits until it has joined. */
  void start(SafeConsumer.Builder<String, String> builder) throws Exception {
    consumer = builder.build();
    Outcome outcome = consumer.start().get(ANSWER.toSeconds(), TimeUnit.SECONDS);
    if (outcome.result() != Outcome.Result.APPLIED) {
      throw new IllegalStateException("start(): " + outcome);
    }
  }

  Optional<SafeConsumer<String, String>> consumer() {
    return Optional.ofNullable(consumer);
  }

  void send(String key, String value) throws Exception {
    send(new ProducerRecord<>(topic(), key, value));
  }

  void send(ProducerRecord<String, String> one) throws Exception {
    producer.send(one).get(ANSWER.toSeconds(), TimeUnit.SECONDS);
  }

  /** Without waiting for the broker; see {@link #flush}. */
  void sendLater(ProducerRecord<String, String> one) {
    producer.send(one);
  }

  /** Waits until all that was sent is there. */
  void flush() {
    producer.flush();
  }

  /** Records come evenly from now on. */
  void produce(int aSecond, LongFunction<ProducerRecord<String, String>> next) {
    int burst = aSecond / BURSTS_A_SECOND;
    hands.scheduleAtFixedRate(
        () -> {
          for (int i = 0; i < burst; i++) {
            producer.send(next.apply(produced++));
          }
        },
        0,
        1000 / BURSTS_A_SECOND,
        TimeUnit.MILLISECONDS);
  }

  /** Does something beside. */
  void beside(Runnable deed) {
    hands.execute(deed);
  }

  /** From now on something is wrong. The first time counts. */
  void begins() {
    begun.compareAndSet(null, System.nanoTime());
  }

  long begunNanos() {
    Long at = begun.get();
    return at == null ? System.nanoTime() : at;
  }

  boolean isOver() {
    return over.getCount() == 0;
  }

  /** What a handler that hangs waits for. */
  void awaitTheEnd() throws InterruptedException {
    over.await();
  }

  @Override
  public void close() {
    over.countDown();
    hands.shutdownNow();
    if (consumer != null) {
      consumer.close(Duration.ofSeconds(10));
    }
    disconnect();
    if (broker != null) {
      broker.close();
    }
  }
}
