/**
 * A real Kafka cluster of one to three nodes on this machine, without containers. Enter at {@link
 * io.github.safeconsumer.localkafka.LocalKafka}.
 */
package io.github.safeconsumer.localkafka;
