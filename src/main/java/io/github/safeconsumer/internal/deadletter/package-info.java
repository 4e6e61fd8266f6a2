/**
 * Writing dead letters: headers, producer, topic checks. Enter at {@link
 * io.github.safeconsumer.internal.deadletter.DeadLetterSink}.
 */
@NullMarked
package io.github.safeconsumer.internal.deadletter;

import org.jspecify.annotations.NullMarked;
