package io.github.safeconsumer.examples.faults;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** One fault, met by one side. */
final class SideRun implements AutoCloseable {
  private static final Duration JOIN_BOUND = Duration.ofSeconds(90);
  private static final Duration SAFE_BOUND = Duration.ofSeconds(120);
  private static final Duration LOOK = Duration.ofMillis(100);

  private final Fault fault;
  private final Side side;
  private final Broker broker;
  private final Path directory;
  private final String topic;
  private final Path journal;
  private final JournalReader reader;
  private final Tally tally = new Tally();

  private Downstream downstream;
  private Crew crew;

  /** The directory takes the journal and what the members print. */
  SideRun(Fault fault, Side side, Broker broker, Path directory) {
    this.fault = fault;
    this.side = side;
    this.broker = broker;
    this.directory = directory;
    topic = (fault.name() + "." + side).toLowerCase(Locale.ROOT);
    journal = directory.resolve(topic + ".journal");
    reader = new JournalReader(journal);
  }

  /** Starts the members; returns when each has a partition. */
  SideRun prepare() throws Exception {
    broker.create(topic, fault.plan().partitions());
    broker.create(MemberSettings.deadLetterTopic(topic), 1);
    downstream = fault.silentDownstream() ? Downstream.silent() : Downstream.answering();
    crew = crew(downstream.port());
    awaitJoined();
    return this;
  }

  private Crew crew(int port) {
    return new Crew(
        fault.members(),
        member ->
            command(
                new MemberSettings(
                    side,
                    member,
                    journal,
                    broker.bootstrapServers(),
                    topic,
                    port,
                    fault.options())),
        directory.resolve(topic + ".log"));
  }

  private static List<String> command(MemberSettings settings) {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx" + settings.options().heapMegabytes() + "m",
                "-XX:+ExitOnOutOfMemoryError",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                Member.class.getName()));
    command.addAll(settings.toArguments());
    return command;
  }

  private void awaitJoined() throws InterruptedException, TimeoutException {
    long end = System.nanoTime() + JOIN_BOUND.toNanos();
    while (!look().isShared(fault.plan().partitions(), fault.members())) {
      if (System.nanoTime() > end) {
        throw new TimeoutException("the group of " + topic + " did not form, see " + directory);
      }
      Thread.sleep(LOOK.toMillis());
    }
  }

  private Tally look() {
    reader.more().forEach(tally::add);
    return tally;
  }

  /** Sends the records, to a group that is {@link #prepare prepared}, and waits for the end. */
  Row run() throws Exception {
    Result result = work();
    boolean naive = side == Side.NAIVE;
    return new Row(
        fault.name(),
        side,
        bound(),
        result,
        naive ? List.of() : fault.expected().violations(result));
  }

  private Result work() throws Exception {
    Stage stage = new Stage(crew, broker, downstream, topic, journal);
    long startedAt = System.currentTimeMillis();
    CompletableFuture<Void> trouble = begin(stage);
    broker.send(fault.plan(), topic, fault.feed());
    awaitEnd(startedAt, trouble);
    int deaths = crew.deaths();
    crew.stop();
    return Judge.of(
        new Evidence(
            fault.plan(),
            look(),
            committed(),
            broker.deadLetters(MemberSettings.deadLetterTopic(topic)),
            deaths,
            crew.ended(),
            startedAt));
  }

  private CompletableFuture<Void> begin(Stage stage) {
    CompletableFuture<Void> over = new CompletableFuture<>();
    Thread thread =
        new Thread(
            () -> {
              try {
                fault.trouble().run(stage);
                over.complete(null);
              } catch (Throwable e) {
                over.completeExceptionally(e);
              }
            },
            "trouble-" + topic);
    thread.setDaemon(true);
    thread.start();
    return over;
  }

  private void awaitEnd(long startedAt, CompletableFuture<Void> trouble) throws Exception {
    long end = startedAt + bound().toMillis();
    while (System.currentTimeMillis() < end && !(trouble.isDone() && isDone())) {
      Thread.sleep(LOOK.toMillis());
    }
    // What the judge asks the broker for must be there again.
    trouble.get(SAFE_BOUND.toMillis(), TimeUnit.MILLISECONDS);
  }

  private Duration bound() {
    return side == Side.NAIVE ? fault.patience() : SAFE_BOUND;
  }

  private boolean isDone() throws InterruptedException, ExecutionException {
    return look().allDoneAt(fault.plan().goodPlaces()).isPresent()
        && Judge.allCommitted(fault.plan(), committed());
  }

  private List<Long> committed() throws InterruptedException, ExecutionException {
    return broker.committed(MemberSettings.group(topic), topic, fault.plan().partitions());
  }

  /** Ends all processes that are left. */
  @Override
  public void close() {
    if (crew != null) {
      crew.close();
    }
    if (downstream != null) {
      downstream.close();
    }
  }
}
