package io.github.safeconsumer.micrometer;

import io.github.safeconsumer.RecordHandler;
import io.micrometer.core.instrument.MeterRegistry;

/** A consumer of which every documented meter is there. */
final class Everything {
  private Everything() {}

  static Meters in(MeterRegistry registry) {
    Meters meters = new Meters(RecordHandler.of((record, context) -> {}), registry);
    meters.driver.pipe(Meters.TOPIC, "k", "v");
    meters.lookAgain();
    return meters;
  }
}
