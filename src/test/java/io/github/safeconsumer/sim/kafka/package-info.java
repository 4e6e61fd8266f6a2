/**
 * A simulated Kafka behind the client's own interfaces, for a deterministic simulation of the real
 * code.
 *
 * <p>Start reading at {@link io.github.safeconsumer.sim.kafka.SimCluster} (what exists), {@link
 * io.github.safeconsumer.sim.kafka.ClassicGroup} and {@link
 * io.github.safeconsumer.sim.kafka.ModernGroup} (the group coordinator's two protocols), then
 * {@link io.github.safeconsumer.sim.kafka.ClassicMembership} and {@link
 * io.github.safeconsumer.sim.kafka.ModernMembership} (their client side) and {@link
 * io.github.safeconsumer.sim.kafka.SimClient} (the client as the library sees it).
 *
 * <p>A request takes its time ({@link io.github.safeconsumer.sim.kafka.Wire}); what the cluster
 * does with it happens at one moment. Nothing here has a lock: one simulated thread runs at a time,
 * and others run only inside {@link io.github.safeconsumer.sim.kafka.World#pass}.
 */
package io.github.safeconsumer.sim.kafka;
