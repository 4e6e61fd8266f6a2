/** A member with Spring Kafka. */
package io.github.safeconsumer.examples.migrate.spring;
