package io.github.safeconsumer.examples.payments;

import io.github.safeconsumer.SafeConsumer;
import io.github.safeconsumer.localkafka.Sandbox;
import java.io.PrintStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;

/**
 * 40 accounts with 20 payments each: one is locked for a while, one is frozen. And what became of
 * them.
 */
final class Staging {
  static final String LOCKED = "account-0";
  static final String FROZEN = "account-7";
  static final int ACCOUNTS = 40;
  static final int EACH = 20;
  static final int REFUSED = 5;
  private static final int PARTITIONS = 4;
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final Sandbox sandbox;
  private final PrintStream out;
  private final Ledger ledger = new Ledger();
  private boolean passed = true;

  Staging(Sandbox sandbox, PrintStream out) {
    this.sandbox = sandbox;
    this.out = out;
  }

  /** Whether all came out as it should. */
  boolean run() throws Exception {
    sandbox.topic(Payments.TOPIC, PARTITIONS);
    sandbox.send(payments());
    ledger.freeze(FROZEN);
    ledger.lock(LOCKED);
    try (SafeConsumer<String, Payment> consumer =
        Payments.consumer(sandbox.bootstrapServers(), ledger)) {
      consumer.start().get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
      out.printf("%d payments of %d accounts, 32 at once%n", ACCOUNTS * EACH, ACCOUNTS);
      await(this::othersAreDone, "the payments of all accounts but the locked one");
      check("nobody waits for an account whose payment waits for a lock", appliedTo(LOCKED, 0));
      ledger.unlock(LOCKED);
      awaitCommitted(ACCOUNTS * EACH);
      firstPart();
      out.println("the account is released, and both topics of dead letters are sent on");
      ledger.release(FROZEN);
      long sent = Repair.sendOn(sandbox.bootstrapServers(), "release-of-" + FROZEN);
      await(() -> appliedTo(FROZEN, EACH), "the payments that were sent on");
      secondPart(sent);
    }
    return passed;
  }

  private void firstPart() {
    check("each account's payments one after the other, in their order", Order.kept(ledger));
    check("every other balance is right", IntStream.range(0, ACCOUNTS).allMatch(this::isRight));
    check(
        FROZEN + " stands where its payment " + REFUSED + " failed",
        appliedTo(FROZEN, REFUSED - 1) && ledger.balance(FROZEN) == sum(REFUSED - 1));
    check(
        "that payment is in " + Payments.FAILED,
        numbers(Payments.FAILED, 1).equals(List.of(REFUSED)));
    check(
        "its later ones are in " + Payments.HELD + ", in their order",
        numbers(Payments.HELD, EACH - REFUSED)
            .equals(IntStream.rangeClosed(REFUSED + 1, EACH).boxed().toList()));
  }

  private void secondPart(long sent) {
    check(sent + " payments came back, in their order", Order.kept(ledger));
    check(
        "now every balance is right",
        isRight(7) && IntStream.range(0, ACCOUNTS).allMatch(this::isRight));
  }

  static Payment payment(int account, int number) {
    return new Payment("account-" + account, number, number == REFUSED ? -300 : 100L + number);
  }

  private static List<ProducerRecord<String, String>> payments() {
    List<ProducerRecord<String, String>> records = new ArrayList<>();
    for (int number = 1; number <= EACH; number++) {
      for (int account = 0; account < ACCOUNTS; account++) {
        Payment one = payment(account, number);
        records.add(
            new ProducerRecord<>(
                Payments.TOPIC,
                one.account(),
                "{\"account\":\"%s\",\"number\":%d,\"cents\":%d}"
                    .formatted(one.account(), one.number(), one.cents())));
      }
    }
    return records;
  }

  private static long sum(int payments) {
    return IntStream.rangeClosed(1, payments).mapToLong(one -> payment(0, one).cents()).sum();
  }

  private boolean isRight(int account) {
    String name = "account-" + account;
    boolean stopped = name.equals(FROZEN) && ledger.applied(name) < EACH;
    return stopped || ledger.balance(name) == sum(EACH);
  }

  private boolean appliedTo(String account, int payments) {
    return ledger.applied(account) == payments;
  }

  private boolean othersAreDone() {
    return IntStream.range(0, ACCOUNTS)
        .mapToObj(account -> "account-" + account)
        .filter(account -> !account.equals(LOCKED))
        .allMatch(account -> appliedTo(account, account.equals(FROZEN) ? REFUSED - 1 : EACH));
  }

  /** The numbers of the payments in a topic of dead letters. */
  private List<Integer> numbers(String topic, int count) {
    return sandbox.read(topic, count).stream()
        .filter(letter -> letter.key().equals(FROZEN))
        .map(ConsumerRecord::value)
        .map(json -> Integer.valueOf(json.replaceAll(".*\"number\":(\\d+).*", "$1")))
        .toList();
  }

  private void awaitCommitted(long records) throws InterruptedException {
    await(
        () ->
            sandbox.committed(Payments.GROUP, Payments.TOPIC).values().stream()
                    .mapToLong(Long::longValue)
                    .sum()
                >= records,
        "the commit of all payments");
  }

  private static void await(BooleanSupplier condition, String what) throws InterruptedException {
    long begun = System.nanoTime();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() - begun > PATIENCE.toNanos()) {
        throw new IllegalStateException("waited in vain for " + what);
      }
      TimeUnit.MILLISECONDS.sleep(50); // between two looks
    }
  }

  private void check(String claim, boolean holds) {
    out.println((holds ? "  ok      " : "  FAILED  ") + claim);
    passed &= holds;
  }

  /** What a test may ask besides. */
  Ledger ledger() {
    return ledger;
  }

  /** Judges the journal. */
  static final class Order {
    private Order() {}

    /** Whether each account's payments began only when the one before had ended, in their order. */
    static boolean kept(Ledger ledger) {
      Map<String, Ledger.Entry> last = new HashMap<>();
      for (Ledger.Entry entry : ledger.journal()) {
        Ledger.Entry before = last.put(entry.account(), entry);
        boolean inTurn =
            entry.begin()
                ? (before == null || !before.begin()) && isNext(before, entry)
                : before != null && before.begin() && before.number() == entry.number();
        if (!inTurn) {
          return false;
        }
      }
      return true;
    }

    /** One further than the last one, or the one that failed again. */
    private static boolean isNext(Ledger.Entry before, Ledger.Entry entry) {
      int last = before == null ? 0 : before.number();
      boolean again =
          entry.account().equals(FROZEN) && entry.number() == REFUSED && last == REFUSED;
      return again || entry.number() == last + 1;
    }
  }
}
