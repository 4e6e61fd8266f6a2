/**
 * A group goes to SafeConsumer and back, under its own name; enter at {@link
 * io.github.safeconsumer.examples.migrate.Main}, read {@link
 * io.github.safeconsumer.examples.migrate.Migration}.
 */
package io.github.safeconsumer.examples.migrate;
