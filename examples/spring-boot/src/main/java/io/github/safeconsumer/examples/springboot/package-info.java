/** A Spring Boot application with a SafeConsumer. */
package io.github.safeconsumer.examples.springboot;
