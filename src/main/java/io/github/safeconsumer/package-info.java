/**
 * The public API: {@link io.github.safeconsumer.SafeConsumer} is the one entry point, and {@link
 * io.github.safeconsumer.RecordHandler} is what a user writes. Everything below {@code internal}
 * may change at any time.
 */
@NullMarked
package io.github.safeconsumer;

import org.jspecify.annotations.NullMarked;
