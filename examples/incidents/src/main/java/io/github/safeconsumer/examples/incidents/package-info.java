/** Incidents on a real broker, and what the diagnosis says of them. */
package io.github.safeconsumer.examples.incidents;
