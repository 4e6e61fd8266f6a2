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
 * <p>What it leaves out, because the library does not depend on it or because it would only be
 * slower: the leader of a classic group does not make the plan itself; metadata of topics is known
 * at once except for their growth; there is no leader epoch but the one that a commit carries, so
 * no log truncation; several topics of a fetch are independent; a member of a classic group that
 * was fenced stays so. {@link io.github.safeconsumer.sim.kafka.Scenario} lists what agrees with
 * real brokers, checked by {@link io.github.safeconsumer.sim.kafka.SimulatedKafkaAgreementIT}.
 *
 * <p>A request takes its time ({@link io.github.safeconsumer.sim.kafka.Wire}); what the cluster
 * does with it happens at one moment. Nothing here has a lock: one simulated thread runs at a time,
 * and others run only inside {@link io.github.safeconsumer.sim.kafka.World#pass}.
 */
package io.github.safeconsumer.sim.kafka;
