package io.github.safeconsumer.sim.kafka;

/** What may go wrong. */
public enum FaultKind {
  CREATE_THROWS,
  CREATE_SLOW,
  /** Any call: a TimeoutException or DisconnectException, nothing done. */
  CALL_RETRIABLE,
  /** Any call: a KafkaException that ends the client's usefulness. */
  CALL_FATAL,
  CALL_UNAUTHORIZED,
  /** As in the real client the interrupt flag of the calling thread is set as well. */
  CALL_INTERRUPTED,
  CALL_WAKEUP,
  POLL_SLOW,
  COMMIT_SLOW,
  COMMITTED_SLOW,
  CLOSE_SLOW,
  CLOSE_THROWS,
  /** Takes its whole bound, and the group hears nothing of it. */
  CLOSE_HANGS,
  /** Never reaches the broker: the caller's time runs out. */
  COMMIT_NOT_APPLIED,
  /** Applied, and the caller is told that it failed. */
  COMMIT_UNANSWERED,
  /** The member is thrown out just before its commit arrives. */
  COMMIT_REJECTED,
  /** A rebalance begins just before the commit arrives. */
  COMMIT_IN_REBALANCE,
  /** The commit meets a broker that allows less metadata than the others. */
  COMMIT_METADATA_REFUSED,
  /** The group has no coordinator for a while: group requests fail, heartbeats included. */
  COORDINATOR_MOVED,
  /** No broker answers for a while. */
  BROKER_OUTAGE,
  /** The group shares out again for no reason that a member could see. */
  REBALANCE,
  /** The coordinator forgets a member that did nothing wrong. */
  EVICTION,
  PRODUCER_CREATE_THROWS,
  SEND_SLOW,
  /** Not written. */
  SEND_FAILED,
  /** Not written, and the producer cannot be trusted any more. */
  SEND_FATAL,
  /** Written, and reported as timed out. */
  SEND_UNANSWERED,
  /** send() itself throws. */
  SEND_THROWS,
  ADMIN_FAILS,
  ADMIN_SLOW,
  /** Offsets without a record after an appended one. */
  OFFSET_GAP
}
