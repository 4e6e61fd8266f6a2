package io.github.safeconsumer.sim;

/** A part of the oracle: sees every fact, in order. */
interface Check {
  void see(long now, Fact fact);
}
