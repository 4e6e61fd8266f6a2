/**
 * Faults that a consumer group may meet, each met twice on a real broker with members that are
 * processes of their own: by a naive loop and by SafeConsumer. Enter at {@link
 * io.github.safeconsumer.examples.faults.Faults}; the faults are in {@link
 * io.github.safeconsumer.examples.faults.Catalogue}, and what is said of them in the end is
 * computed in {@link io.github.safeconsumer.examples.faults.Judge}.
 */
package io.github.safeconsumer.examples.faults;
