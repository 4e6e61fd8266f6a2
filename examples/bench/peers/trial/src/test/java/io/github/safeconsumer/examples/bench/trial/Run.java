package io.github.safeconsumer.examples.bench.trial;

import io.github.safeconsumer.examples.bench.subject.RunSpec.Ordering;
import io.github.safeconsumer.examples.bench.subject.WorkSpec;

/** What differs between the runs of a trial. */
public record Run(
    Ordering ordering, int concurrency, int batchSize, boolean json, int members, WorkSpec work) {
  private static final WorkSpec SLEEP = new WorkSpec(WorkSpec.Kind.SLEEP, 2_000, 0, false);

  /** One member, one thread, record by record, no work. */
  public static Run plain() {
    return new Run(Ordering.PARTITION, 1, 0, false, 1, WorkSpec.nothing());
  }

  public Run ordering(Ordering other) {
    return new Run(other, concurrency, batchSize, json, members, work);
  }

  public Run concurrency(int other) {
    return new Run(ordering, other, batchSize, json, members, work);
  }

  public Run batchSize(int other) {
    return new Run(ordering, concurrency, other, json, members, work);
  }

  public Run orders() {
    return new Run(ordering, concurrency, batchSize, true, members, work);
  }

  public Run members(int other) {
    return new Run(ordering, concurrency, batchSize, json, other, work);
  }

  /** Work that waits for 2 ms. */
  public Run waiting() {
    return new Run(ordering, concurrency, batchSize, json, members, SLEEP);
  }
}
