package io.github.safeconsumer.sim.kafka;

/** What a coordinator answers. */
enum GroupError {
  NONE,
  /** Nobody answered: no broker, or none that coordinates the group. */
  UNREACHABLE,
  UNKNOWN_MEMBER,
  ILLEGAL_GENERATION,
  REBALANCE_IN_PROGRESS,
  FENCED_INSTANCE,
  /** KIP-848: another member that is alive holds the instance id. */
  UNRELEASED_INSTANCE,
  /** KIP-848: the member's epoch is another one by now. */
  STALE_EPOCH,
  FENCED_EPOCH,
  UNKNOWN_TOPIC,
  /** Longer than the broker allows. */
  METADATA_TOO_LARGE
}
