package io.github.safeconsumer.examples.demo;

import io.github.safeconsumer.localkafka.LocalKafka;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Runs both groups on a real broker until SafeConsumer has nothing left to do, then prints a
 * verdict. Exit codes: 0 when SafeConsumer kept every promise, 1 when it did not, 2 for arguments
 * that mean nothing.
 */
public final class Demo {
  private static final int CLEAN = 0;
  private static final int FAILED = 1;
  private static final int USAGE = 2;

  /** Set by examples/run: where the example may leave files. */
  private static final String DIRECTORY = "examples.target";

  /** Set by examples/run where the output goes to a terminal that is wide enough. */
  private static final String TERMINAL = "examples.terminal";

  private static final Duration JOIN_BOUND = Duration.ofSeconds(30);

  private final Scale scale;
  private final Path report;
  private final OrderFeed feed;
  private final Timeline timeline = new Timeline(System::nanoTime);
  private final PrintStream out;
  private final Resources resources;

  private Demo(Arguments arguments, PrintStream out, Resources resources) {
    this.scale = arguments.scale();
    this.report = arguments.report();
    this.feed = new OrderFeed(scale);
    this.out = out;
    this.resources = resources;
  }

  /** Takes {@code --short}, {@code --report FILE}, both or nothing. */
  public static void main(String[] args) {
    Path directory = Path.of(System.getProperty(DIRECTORY, "target"));
    Optional<Arguments> arguments = Arguments.of(List.of(args), directory);
    if (arguments.isEmpty()) {
      System.err.println(Arguments.USAGE);
      System.exit(USAGE);
    }
    System.exit(run(arguments.get()));
  }

  private static int run(Arguments arguments) {
    try (Resources resources = Resources.closedWithTheJvm()) {
      try {
        return new Demo(arguments, System.out, resources).run();
      } catch (Exception e) {
        if (!resources.isClosing()) {
          e.printStackTrace();
        }
        return FAILED;
      }
    }
  }

  private int run() throws InterruptedException, ExecutionException, TimeoutException {
    long start = System.nanoTime();
    LocalKafka kafka = resources.open(() -> LocalKafka.start(1), LocalKafka::close);
    say("A Kafka broker runs in a JVM of its own, at %s.", kafka.bootstrapServers());
    BrokerProbe probe =
        resources.open(
            () -> new BrokerProbe(kafka.bootstrapServers(), scale.partitions()),
            BrokerProbe::close);
    probe.createTopics(Topics.ORDERS, Topics.DEAD_LETTERS);

    ConsumerSettings settings = new ConsumerSettings(kafka.bootstrapServers());
    NaiveGroup naive = resources.open(() -> naiveGroup(settings), Group::stop);
    SafeGroup safe = resources.open(() -> safeGroup(settings), Group::stop);
    CompletableFuture.allOf(naive.join(), safe.join())
        .get(JOIN_BOUND.toMillis(), TimeUnit.MILLISECONDS);
    introduce();

    Display display = Display.on(out, Boolean.getBoolean(TERMINAL));
    Monitor monitor =
        resources.open(
            () -> new Monitor(probe, naive, safe, display, timeline, scale.orders()),
            Monitor::close);
    monitor.start();
    feed.send(kafka.bootstrapServers(), Topics.ORDERS);
    boolean inTime = awaitSafe(monitor);
    monitor.close();
    naive.stop();
    List<Standing> standings = monitor.total();
    List<String> ofNaive =
        new NaiveReport(feed, naive.journal(), probe.offsets(naive.id(), Topics.ORDERS))
            .lines(naive.rebalances(), naive.crashes(), naive.evictions());

    Evidence evidence = evidence(kafka, probe, safe, monitor.memberships());
    List<Check> checks = Verdict.of(evidence, Topics.ORDERS, SafeGroup.ATTEMPTS);
    out.println();
    Table.lines(standings).forEach(out::println);
    print(monitor.elapsed(), ofNaive);
    boolean clean = print(checks, inTime);
    ReportFile.write(
        new ReportFile(timeline, Surroundings.of(feed, settings))
            .report(standings, clean, checks, ofNaive, feed.good()),
        report);
    say("%nThe report, with plots of lag over time: %s", report);
    say("The whole demo took %d s.", Duration.ofNanos(System.nanoTime() - start).toSeconds());
    return clean ? CLEAN : FAILED;
  }

  private NaiveGroup naiveGroup(ConsumerSettings settings) {
    return new NaiveGroup(settings, Topics.ORDERS, scale.partitions(), journal(), timeline);
  }

  private SafeGroup safeGroup(ConsumerSettings settings) {
    return new SafeGroup(
        settings, Topics.ORDERS, Topics.DEAD_LETTERS, scale.partitions(), journal(), timeline);
  }

  private Journal journal() {
    return new Journal(scale.partitions(), scale.orders());
  }

  private void introduce() {
    say(
        "%,d orders come into %d partitions, among them %,d malformed bodies, %,d of customers that"
            + " do not%nexist, %,d whose payment fails twice, and %,d that take %d ms each, in a"
            + " stretch of %d a partition.",
        scale.total(),
        scale.partitions(),
        feed.total(Kind.MALFORMED),
        feed.total(Kind.UNKNOWN_CUSTOMER),
        feed.total(Kind.DECLINED_TWICE),
        feed.total(Kind.SLOW),
        Fulfilment.CUSTOMS.toMillis(),
        scale.slow());
    say(
        "Two groups with the same settings read them: %d members with a naive loop, and one"
            + " SafeConsumer%nwith %d workers.%n",
        scale.partitions(), scale.partitions());
  }

  private boolean awaitSafe(Monitor monitor) throws InterruptedException, ExecutionException {
    try {
      monitor.safeDone().get(scale.limit().toMillis(), TimeUnit.MILLISECONDS);
      return true;
    } catch (TimeoutException e) {
      return false;
    }
  }

  private Evidence evidence(
      LocalKafka kafka, BrokerProbe probe, SafeGroup safe, Set<Set<String>> memberships)
      throws InterruptedException, ExecutionException {
    long rebalances = safe.rebalances();
    safe.stop();
    return new Evidence(
        feed,
        safe.journal(),
        probe.offsets(safe.id(), Topics.ORDERS),
        DeadLetterTopic.read(kafka.bootstrapServers(), Topics.DEAD_LETTERS, scale.partitions()),
        rebalances,
        safe.generations(),
        memberships,
        probe.members(safe.id()).size());
  }

  private void print(Duration time, List<String> ofNaive) {
    say("%nThe naive loop, after %d s", time.toSeconds());
    ofNaive.forEach(line -> out.println("  " + line));
  }

  private boolean print(List<Check> checks, boolean inTime) {
    boolean passed = inTime && checks.stream().allMatch(Check::passed);
    say("%nSafeConsumer: %s", passed ? "every promise kept" : "FAILED");
    if (!inTime) {
      say("  FAILED  in time: not done after %d s", scale.limit().toSeconds());
    }
    checks.forEach(
        check ->
            say("  %-6s  %s: %s", check.passed() ? "ok" : "FAILED", check.name(), check.detail()));
    return passed;
  }

  private void say(String pattern, Object... values) {
    out.println(String.format(Locale.ROOT, pattern, values));
  }
}
