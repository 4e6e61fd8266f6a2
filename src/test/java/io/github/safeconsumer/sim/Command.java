package io.github.safeconsumer.sim;

/** What a caller can ask for. */
enum Command {
  START,
  PAUSE,
  PAUSE_AND_DRAIN,
  RESUME,
  SUSPEND,
  CLOSE,
  PAUSE_PARTITIONS,
  RESUME_PARTITIONS,

  /** Another rate limit: true at once, so nobody is answered. */
  RATE;

  /** Whether records must not start once it is applied. */
  boolean stops() {
    return switch (this) {
      case START, RESUME, RESUME_PARTITIONS, RATE -> false;
      case PAUSE, PAUSE_AND_DRAIN, SUSPEND, CLOSE, PAUSE_PARTITIONS -> true;
    };
  }

  /** Whether no client may exist once it is applied. */
  boolean ends() {
    return this == SUSPEND || this == CLOSE;
  }

  boolean ofPartitions() {
    return this == PAUSE_PARTITIONS || this == RESUME_PARTITIONS;
  }
}
