/** A first consumer. */
package io.github.safeconsumer.examples.quickstart;
