package io.github.safeconsumer.examples.doctor;

import org.apache.kafka.common.KafkaException;

/** Why the cluster could not be asked, in one line. */
final class Failure {
  private static final int MOST = 4;

  private Failure() {}

  /** Where a client could not even be made, only the causes say why. */
  static String of(KafkaException failure) {
    StringBuilder text = new StringBuilder(String.valueOf(failure.getMessage()));
    Throwable cause = failure.getCause();
    boolean notMade = text.indexOf("Failed to c") == 0;
    for (int i = 0; notMade && i < MOST && cause != null; i++) {
      text.append(": ").append(cause.getMessage());
      cause = cause.getCause();
    }
    return text.toString();
  }
}
