/** The library against real brokers: the same tests on forked ones and in containers. */
package io.github.safeconsumer.integration;
