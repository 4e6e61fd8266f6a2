/**
 * Why lag grows: what is known at one moment ({@link
 * io.github.safeconsumer.internal.diagnosis.Facts}) in, ordered causes out. Pure: the shell gathers
 * the facts, nothing in here asks anybody.
 */
@org.jspecify.annotations.NullMarked
package io.github.safeconsumer.internal.diagnosis;
