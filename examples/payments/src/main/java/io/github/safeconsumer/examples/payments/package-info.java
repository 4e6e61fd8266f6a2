/**
 * Payments, each account in its own order; enter at {@link
 * io.github.safeconsumer.examples.payments.Payments}.
 */
package io.github.safeconsumer.examples.payments;
