/** A page of HTML about one run, drawn from samples taken in it; knows nothing of Kafka. */
package io.github.safeconsumer.examples.demo.report;
