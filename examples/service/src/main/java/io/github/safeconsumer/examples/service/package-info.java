/** A service that runs in a container. */
package io.github.safeconsumer.examples.service;
