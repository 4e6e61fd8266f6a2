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
  RESUME_PARTITIONS;

  /** Whether records must not start once it is applied. */
  boolean stops() {
    return this != START && this != RESUME && this != RESUME_PARTITIONS;
  }

  /** Whether no client may exist once it is applied. */
  boolean ends() {
    return this == SUSPEND || this == CLOSE;
  }

  boolean ofPartitions() {
    return this == PAUSE_PARTITIONS || this == RESUME_PARTITIONS;
  }
}
