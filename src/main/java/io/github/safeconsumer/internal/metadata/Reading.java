package io.github.safeconsumer.internal.metadata;

/** What was found in the metadata of a commit. */
public sealed interface Reading {
  /**
   * A note that speaks of this partition at this offset.
   *
   * @param note what it says
   */
  record Read(Note note) implements Reading {}

  /** No metadata: nothing was ever written beside this offset. */
  record None() implements Reading {}

  /**
   * Something that must not be believed; the commit counts as one without metadata.
   *
   * @param reason why
   * @param detail for a log line: lengths and numbers, never the content of the string
   */
  record Ignored(Reason reason, String detail) implements Reading {}

  /** Why a string is not believed. The first that applies, in this order. */
  enum Reason {
    /** Not written by this library. */
    FOREIGN,
    /** Written by a version whose notes this one cannot read. */
    UNKNOWN_VERSION,
    /** Cut, changed or senseless. */
    DAMAGED,
    /** Written for a partition of another cluster. */
    OTHER_CLUSTER,
    /** Written beside another offset. */
    OTHER_OFFSET,
    /** Written beside this offset, for a topic of another id: the topic was created again. */
    OTHER_TOPIC
  }
}
