/**
 * Judges the consumer settings of an existing service, without a broker. Enter at {@link
 * io.github.safeconsumer.examples.preflight.CheckFile}.
 */
package io.github.safeconsumer.examples.preflight;
