/**
 * Dead letters on the command line. Enter at {@link io.github.safeconsumer.examples.dlt.Dlt}; the
 * library's side of it is {@link io.github.safeconsumer.DeadLetters}.
 */
package io.github.safeconsumer.examples.dlt;
