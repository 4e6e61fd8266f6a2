package io.github.safeconsumer.examples.longjobs;

import io.github.safeconsumer.CloseReport;
import io.github.safeconsumer.SafeConsumer;
import io.github.safeconsumer.localkafka.Sandbox;
import java.io.PrintStream;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.MemberDescription;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** Two long jobs, one that is longer than the process, and one that hangs. */
final class Staging {
  static final Map<String, Integer> STEPS =
      new TreeMap<>(Map.of("job-1", 30, "job-2", 30, "job-longest", 45, SimulatedWork.HANGING, 30));
  private static final Duration PATIENCE = Duration.ofSeconds(90);

  private final Sandbox sandbox;
  private final PrintStream out;
  private final SimulatedWork work = new SimulatedWork();
  private boolean passed = true;

  Staging(Sandbox sandbox, PrintStream out) {
    this.sandbox = sandbox;
    this.out = out;
  }

  /** Whether all came out as it should. */
  boolean run() throws Exception {
    Checkpoints checkpoints = new Checkpoints(Files.createTempDirectory("checkpoints"));
    sandbox.topic(LongJobs.TOPIC, 2);
    STEPS.forEach((job, steps) -> sandbox.send(LongJobs.TOPIC, job, String.valueOf(steps)));
    long scale = Duration.ofMinutes(5).dividedBy(LongJobs.POLL_INTERVAL);
    out.printf(
        "scaled down 1:%d: a poll interval of %d s stands for 5 minutes, a job of 18 s for 15%n",
        scale, LongJobs.POLL_INTERVAL.toSeconds());
    firstRun(checkpoints);
    secondRun(checkpoints);
    return passed;
  }

  private void firstRun(Checkpoints checkpoints) throws Exception {
    try (SafeConsumer<String, String> consumer = consumer(checkpoints);
        Admin admin = Admin.create(Map.of("bootstrap.servers", sandbox.bootstrapServers()))) {
      consumer.start().get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
      List<String> before = members(admin);
      await(() -> isDone("job-1") && isDone("job-2"), "the end of two jobs");
      List<String> after = members(admin);
      check("job-1 and job-2 are done, three times the poll interval later", true);
      check(
          "the member is the same for the broker: " + after,
          before.size() == 1 && before.equals(after));
      List<String> letters =
          sandbox.read(LongJobs.DEAD_LETTERS, 1).stream().map(ConsumerRecord::key).toList();
      check(
          "the job that hung after step 2 is a dead letter",
          letters.equals(List.of(SimulatedWork.HANGING))
              && work.steps(SimulatedWork.HANGING).equals(List.of(1, 2)));
      work.release();
      out.println("close() in the middle of job-longest");
      CloseReport end = consumer.close(SafeConsumer.CLOSE_BOUND);
      check("it ended, " + end.state(), end.stillRunning().isEmpty());
    }
  }

  private void secondRun(Checkpoints checkpoints) throws Exception {
    int last = checkpoints.lastStep("job-longest");
    check("the checkpoint of job-longest: step " + last + " of 45", last >= 25 && last < 45);
    check("its offset is not committed", committed() < STEPS.size());
    try (SafeConsumer<String, String> consumer = consumer(checkpoints)) {
      consumer.start().get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
      await(() -> committed() == STEPS.size(), "the commit of all jobs");
    }
    check(
        "the next owner went on with step " + (last + 1) + "; each step was done once",
        isDone("job-1") && isDone("job-2") && isDone("job-longest"));
  }

  private SafeConsumer<String, String> consumer(Checkpoints checkpoints) {
    return LongJobs.consumer(sandbox.bootstrapServers(), checkpoints, work);
  }

  /** Whether each step of it was done, once and in turn. */
  private boolean isDone(String job) {
    return work.steps(job).equals(IntStream.rangeClosed(1, STEPS.get(job)).boxed().toList());
  }

  private long committed() {
    return sandbox.committed(LongJobs.GROUP, LongJobs.TOPIC).values().stream()
        .mapToLong(Long::longValue)
        .sum();
  }

  private static List<String> members(Admin admin) throws Exception {
    return admin
        .describeConsumerGroups(List.of(LongJobs.GROUP))
        .describedGroups()
        .get(LongJobs.GROUP)
        .get(PATIENCE.toSeconds(), TimeUnit.SECONDS)
        .members()
        .stream()
        .map(MemberDescription::consumerId)
        .toList();
  }

  private static void await(BooleanSupplier condition, String what) throws InterruptedException {
    long begun = System.nanoTime();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() - begun > PATIENCE.toNanos()) {
        throw new IllegalStateException("waited in vain for " + what);
      }
      TimeUnit.MILLISECONDS.sleep(100); // between two looks
    }
  }

  private void check(String claim, boolean holds) {
    out.println((holds ? "  ok      " : "  FAILED  ") + claim);
    passed &= holds;
  }

  /** What a test may ask besides. */
  SimulatedWork work() {
    return work;
  }
}
