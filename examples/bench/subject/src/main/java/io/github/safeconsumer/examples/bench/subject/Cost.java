package io.github.safeconsumer.examples.bench.subject;

import java.util.concurrent.TimeUnit;

/** Spends the time that handling takes. */
final class Cost {
  private final WorkSpec spec;

  Cost(WorkSpec spec) {
    this.spec = spec;
  }

  /** Every hundredth key is slow. */
  static boolean isSlow(Object key) {
    return key instanceof String text && text.endsWith("00");
  }

  void spend(Object key) throws InterruptedException {
    switch (spec.kind()) {
      case NOTHING -> {}
      case SLEEP -> TimeUnit.MICROSECONDS.sleep(spec.micros());
      case SPIN -> spin(spec.micros() * 1_000);
      case SKEW -> TimeUnit.MICROSECONDS.sleep(isSlow(key) ? spec.slowMicros() : spec.micros());
    }
  }

  private static void spin(long nanos) {
    long start = System.nanoTime();
    while (System.nanoTime() - start < nanos) {
      Thread.onSpinWait();
    }
  }
}
