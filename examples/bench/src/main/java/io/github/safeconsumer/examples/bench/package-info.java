/** How fast SafeConsumer is, beside the bare client and other libraries. */
package io.github.safeconsumer.examples.bench;
