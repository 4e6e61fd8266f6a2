/**
 * Pure state machines: they take the time and randomness as arguments, do no I/O, start no thread
 * and return decisions. Enter at {@link io.github.safeconsumer.internal.core.OwnedPartition}.
 */
@NullMarked
package io.github.safeconsumer.internal.core;

import org.jspecify.annotations.NullMarked;
