/** A consumer group as it is seen from outside: what the brokers say, and what follows from it. */
@org.jspecify.annotations.NullMarked
package io.github.safeconsumer.internal.doctor;
