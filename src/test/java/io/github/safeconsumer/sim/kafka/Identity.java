package io.github.safeconsumer.sim.kafka;

import org.jspecify.annotations.Nullable;

/**
 * As whom a client commits.
 *
 * @param generation or member epoch; -1 for none
 */
record Identity(String member, int generation, @Nullable String instance) {}
