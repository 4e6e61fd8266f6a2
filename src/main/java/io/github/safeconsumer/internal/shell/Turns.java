package io.github.safeconsumer.internal.shell;

/** Work that is done in turns, by one thread. */
public interface Turns {
  /** One turn; never throws. False when it was the last one. */
  boolean turn();
}
