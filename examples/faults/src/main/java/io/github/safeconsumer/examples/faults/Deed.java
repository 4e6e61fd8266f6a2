package io.github.safeconsumer.examples.faults;

/** What a record asks its handler to do. */
enum Deed {
  /** Ordinary work. */
  WORK,
  /** Ask the downstream. */
  CALL,
  /** Fail, each time. */
  FAIL,
  /** End the process without its shutdown hooks. */
  HALT,
  /** End the process in an orderly way. */
  EXIT,
  /** Use all the memory there is. */
  MEMORY,
  /** Wait for a lock that is never released. */
  LOCK,
  /** Compute for ever. */
  SPIN,
  /** Read from a connection over which nothing comes. */
  SOCKET
}
