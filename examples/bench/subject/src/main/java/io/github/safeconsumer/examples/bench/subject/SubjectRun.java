package io.github.safeconsumer.examples.bench.subject;

import java.util.Set;
import java.util.concurrent.TimeUnit;

/** One run in the child: starts the subject, watches until all records are handled, ends it. */
final class SubjectRun implements AutoCloseable {
  private static final long SHORTEST_WAIT_MICROS = 500;
  private static final long LONGEST_WAIT_MICROS = 50_000;

  private final RunSpec spec;
  private final Sampler sampler;
  private final Meters meters;
  private final Measuring work;
  private final long deadline;
  private final Subject subject;

  SubjectRun(RunSpec spec) throws ReflectiveOperationException {
    this.spec = spec;
    System.gc();
    sampler = new Sampler(Set.of(Thread.currentThread().getId()));
    meters = new Meters(sampler);
    // Where records come first that do not count, the meters begin after them.
    work = new Measuring(spec.work(), spec.prime() == 0 ? meters::begin : () -> {});
    deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(spec.timeoutMillis());
    subject =
        Class.forName(spec.subject()).asSubclass(Subject.class).getConstructor().newInstance();
  }

  void start() throws Exception {
    subject.start(spec, work);
  }

  void awaitPrimed() throws Exception {
    await(spec.prime());
    meters.begin();
  }

  RunResult awaitHandled() throws Exception {
    await(spec.prime() + spec.records());
    return meters.end(work);
  }

  /** Waits half of the time that seems to be left, so that it hardly ever wakes until the end. */
  private void await(long records) throws Exception {
    long begin = System.nanoTime();
    for (long done = work.handled(); done < records; done = work.handled()) {
      if (work.failure() != null) {
        throw new IllegalStateException("the subject gave up", work.failure());
      }
      long now = System.nanoTime();
      if (now > deadline) {
        throw new IllegalStateException(
            "handled " + done + " of " + records + " records in " + spec.timeoutMillis() + " ms");
      }
      long microsPerRecord = done == 0 ? 1 : (now - begin) / 1_000 / done;
      long half = (records - done) * microsPerRecord / 2;
      TimeUnit.MICROSECONDS.sleep(
          done == 0
              ? SHORTEST_WAIT_MICROS
              : Math.min(LONGEST_WAIT_MICROS, Math.max(SHORTEST_WAIT_MICROS, half)));
    }
  }

  /** To be asked before {@link #close}. */
  Answer.Closing closing() {
    return meters.closing(work);
  }

  @Override
  public void close() throws Exception {
    try (sampler) {
      subject.close();
    }
    if (work.failure() != null) {
      throw new IllegalStateException("the subject gave up", work.failure());
    }
  }
}
