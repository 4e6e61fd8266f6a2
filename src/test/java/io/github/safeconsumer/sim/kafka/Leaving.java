package io.github.safeconsumer.sim.kafka;

/** What a closing client does about its membership. */
enum Leaving {
  /** Dynamic members leave, static ones stay. */
  DEFAULT,
  LEAVE,
  REMAIN
}
