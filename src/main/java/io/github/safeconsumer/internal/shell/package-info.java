/**
 * What owns threads, Kafka and time. Enter at {@link
 * io.github.safeconsumer.internal.shell.ConsumerLoop}, the body of the one thread that owns the
 * KafkaConsumer.
 */
@NullMarked
package io.github.safeconsumer.internal.shell;

import org.jspecify.annotations.NullMarked;
