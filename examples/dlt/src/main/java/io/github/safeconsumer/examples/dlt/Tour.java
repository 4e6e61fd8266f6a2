package io.github.safeconsumer.examples.dlt;

import io.github.safeconsumer.DeadLetterPolicy;
import io.github.safeconsumer.NonRetryableException;
import io.github.safeconsumer.RecordContext;
import io.github.safeconsumer.RecordHandler;
import io.github.safeconsumer.SafeConsumer;
import io.github.safeconsumer.SafeConsumerEvent;
import io.github.safeconsumer.localkafka.LocalKafka;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * The way of an operator, from the first look to the repeated replay, on a broker of its own. Ends
 * with 0 only when everything came out as it says.
 */
@Command(
    name = "demo",
    usageHelpAutoWidth = true,
    description = "Shows all of it; needs no Kafka, it starts a broker of its own.")
final class Tour implements Callable<Integer> {
  private static final String ORDERS = "orders";
  private static final String LETTERS = "orders.dlt";
  private static final int TOTAL = 12;
  private static final int UNPAID = 4;

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "show this")
  private boolean help;

  private final PrintStream out;
  private final PrintStream err;
  private LocalKafka kafka;

  Tour(PrintStream out, PrintStream err) {
    this.out = out;
    this.err = err;
  }

  @Override
  public Integer call() {
    try (LocalKafka broker = LocalKafka.start(1)) {
      kafka = broker;
      return run() ? Dlt.DONE : Dlt.NOT_ALL;
    } catch (ExecutionException | TimeoutException e) {
      err.println("dlt demo: " + e);
      return Dlt.UNAVAILABLE;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Dlt.UNAVAILABLE;
    }
  }

  private boolean run() throws ExecutionException, InterruptedException, TimeoutException {
    out.println("A Kafka broker runs in a JVM of its own, at " + kafka.bootstrapServers() + ".");
    prepare();
    out.println(
        TOTAL + " orders come in. The payment service refuses every third; two are no orders.\n");
    consume(new Orders(false, TOTAL));

    boolean passed = dlt("list") == Dlt.DONE;
    passed &= dlt("show", "--at", "0@0", "--values") == Dlt.DONE;
    out.println("The payment service is mended. What would a replay do?\n");
    passed &= dlt(replay("--dry-run")) == Dlt.DONE;
    passed &= dlt(replay("--rate", "100")) == Dlt.DONE;
    out.println("Once more, as after a crash or a mistake: the same id sends nothing twice.\n");
    passed &= dlt(replay("--rate", "100")) == Dlt.DONE;

    Orders mended = new Orders(true, UNPAID);
    consume(mended);
    List<String> handled = mended.handled();
    out.println("The mended service has handled " + handled + ".");
    boolean once = handled.size() == UNPAID && handled.stream().distinct().count() == UNPAID;
    out.println(
        passed && once ? "Each of them once: as it should be." : "FAILED: not as it should be.");
    return passed && once;
  }

  private static String[] replay(String... more) {
    List<String> all =
        new ArrayList<>(
            List.of("replay", "--id", "payments-down", "--exception", "PaymentRefused"));
    all.addAll(List.of(more));
    return all.toArray(String[]::new);
  }

  private int dlt(String... args) {
    List<String> all = new ArrayList<>(List.of(args));
    all.addAll(1, List.of("--bootstrap", kafka.bootstrapServers(), "--topic", LETTERS));
    out.println("$ examples/run dlt " + String.join(" ", all));
    int exit = Dlt.run(all, out, err);
    out.println("(exit code " + exit + ")\n");
    return exit;
  }

  private void prepare() throws ExecutionException, InterruptedException {
    Map<String, Object> settings = Map.of("bootstrap.servers", kafka.bootstrapServers());
    try (Admin admin = Admin.create(settings)) {
      admin
          .createTopics(
              List.of(new NewTopic(ORDERS, 2, (short) 1), new NewTopic(LETTERS, 1, (short) 1)))
          .all()
          .get();
    }
    try (KafkaProducer<String, String> producer =
        new KafkaProducer<>(settings, new StringSerializer(), new StringSerializer())) {
      for (int i = 1; i <= TOTAL; i++) {
        String value = i == 5 || i == 10 ? "??? " + i : "order " + i;
        producer.send(new ProducerRecord<>(ORDERS, i % 2, "customer-" + i % 4, value)).get();
      }
    }
  }

  /** Runs the service until so many orders are handled or dead letters. */
  private void consume(Orders orders)
      throws ExecutionException, InterruptedException, TimeoutException {
    try (SafeConsumer<String, String> consumer =
        SafeConsumer.<String, String>builder()
            .kafka(
                Map.of(
                    "bootstrap.servers", kafka.bootstrapServers(),
                    "group.id", "fulfilment",
                    "auto.offset.reset", "earliest"))
            .topics(ORDERS)
            .keyDeserializer(StringDeserializer::new)
            .valueDeserializer(StringDeserializer::new)
            .deadLetter(DeadLetterPolicy.toTopic(LETTERS))
            .shutdownHook(false)
            .listener(
                event -> {
                  if (event instanceof SafeConsumerEvent.DeadLettered) {
                    orders.seen.countDown();
                  }
                })
            .handler(orders)
            .build()) {
      consumer.start().get(60, TimeUnit.SECONDS);
      if (!orders.seen.await(60, TimeUnit.SECONDS)) {
        throw new TimeoutException(orders.seen.getCount() + " orders are missing");
      }
    }
  }

  /** The payment service said no. */
  static final class PaymentRefused extends NonRetryableException {
    private static final long serialVersionUID = 1L;

    PaymentRefused(String message) {
      super(message);
    }
  }

  /** A service that fulfils orders, with its payment service down or up. */
  private static final class Orders extends RecordHandler<String, String> {
    private final boolean mended;
    private final CountDownLatch seen;
    private final List<String> handled = new ArrayList<>();

    Orders(boolean mended, int toSee) {
      this.mended = mended;
      this.seen = new CountDownLatch(toSee);
    }

    @Override
    public void handle(ConsumerRecord<String, String> record, RecordContext context) {
      String value = record.value();
      if (!value.startsWith("order ")) {
        throw new NonRetryableException("no order");
      }
      int number = Integer.parseInt(value.substring("order ".length()));
      if (!mended && number % 3 == 0) {
        throw new PaymentRefused("card of customer " + record.key());
      }
      if (mended) {
        synchronized (handled) {
          handled.add(value);
        }
      }
      seen.countDown();
    }

    private List<String> handled() {
      synchronized (handled) {
        return List.copyOf(handled);
      }
    }
  }
}
