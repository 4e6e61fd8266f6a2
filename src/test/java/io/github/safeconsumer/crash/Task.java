package io.github.safeconsumer.crash;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * What a record asks of its handler; it travels as the record's value.
 *
 * @param seq number among the records of its key, from 0
 * @param failures how many attempts fail before one succeeds, or {@link #ALWAYS}
 * @param work how long an attempt takes
 * @param fault what else it does
 */
public record Task(int seq, int failures, Duration work, Fault fault) {
  public static final int ALWAYS = -1;

  /** With nothing else wrong with it. */
  public Task(int seq, int failures, Duration work) {
    this(seq, failures, work, Fault.NONE);
  }

  /** Whether the attempt of this number fails. */
  public boolean fails(int attempt) {
    return failures == ALWAYS || attempt <= failures;
  }

  String text() {
    return seq + " " + failures + " " + TimeUnit.NANOSECONDS.toMicros(work.toNanos()) + " " + fault;
  }

  static Task parse(String text) {
    String[] fields = text.split(" ", -1);
    return new Task(
        Integer.parseInt(fields[0]),
        Integer.parseInt(fields[1]),
        Duration.ofNanos(TimeUnit.MICROSECONDS.toNanos(Long.parseLong(fields[2]))),
        Fault.valueOf(fields[3]));
  }
}
