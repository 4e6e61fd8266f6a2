package io.github.safeconsumer.budget;

import io.github.safeconsumer.PollBudget;
import java.time.Duration;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** How long the handler takes over each record. */
enum Latency {
  MS_1("1 ms", 1) {
    @Override
    long millis(ConsumerRecord<?, ?> record) {
      return 1;
    }
  },
  MS_10("10 ms", 10) {
    @Override
    long millis(ConsumerRecord<?, ?> record) {
      return 10;
    }
  },
  MS_120("120 ms", 120) {
    @Override
    long millis(ConsumerRecord<?, ?> record) {
      return 120;
    }
  },
  MS_1000("1000 ms", 1000) {
    @Override
    long millis(ConsumerRecord<?, ?> record) {
      return 1_000;
    }
  },
  /** From one record to the next, in the middle of what one poll returned. */
  JUMP("1 ms, then 100 ms", 1) {
    @Override
    long millis(ConsumerRecord<?, ?> record) {
      return record.offset() < FAST_OF_A_PARTITION ? 1 : SLOW;
    }

    @Override
    int records(int seconds) {
      return WORKERS * FAST_OF_A_PARTITION + spare(WORKERS * 1_000 / SLOW * seconds);
    }
  },
  /** 99 of 100 are fast, at other places in each partition. */
  HEAVY_TAIL("1 ms, 1 of 100 500 ms", (99 + 500) / 100.0) {
    @Override
    long millis(ConsumerRecord<?, ?> record) {
      return (record.offset() + 13L * record.partition()) % 100 == 50 ? 500 : 1;
    }
  };

  static final int WORKERS = 8;
  static final int INTERVAL_MS = 6_000;
  private static final double WINDOW_MS = PollBudget.MARGIN * INTERVAL_MS;

  /** One and a half polls of 500. */
  private static final int FAST_OF_A_PARTITION = 750;

  private static final int SLOW = 100;

  private final String text;
  private final double meanMillis;

  Latency(String text, double meanMillis) {
    this.text = text;
    this.meanMillis = meanMillis;
  }

  abstract long millis(ConsumerRecord<?, ?> record);

  final Duration of(ConsumerRecord<?, ?> record) {
    return Duration.ofMillis(millis(record));
  }

  /** More than can be done in this time. */
  int records(int seconds) {
    return spare((int) (WORKERS * 1_000 / meanMillis * seconds));
  }

  private static int spare(int records) {
    return records + records / 5 + 4 * WORKERS;
  }

  /** What fits into the window, where all records take the same. */
  int budget() {
    return WORKERS * (int) (WINDOW_MS / meanMillis);
  }

  /** Declared to the consumer: it is slower than what is assumed before the first record. */
  boolean isDeclared() {
    return this == MS_1000;
  }

  /** Whether the consumer reckons with no less from the first record to the last. */
  boolean isKnown() {
    return this == MS_1 || this == MS_10 || isDeclared();
  }

  /** From where on throughput is judged: a processor shared with others makes 1 ms longer. */
  long judgedFromMillis() {
    return this == JUMP ? SLOW : 0;
  }

  @Override
  public String toString() {
    return text;
  }
}
