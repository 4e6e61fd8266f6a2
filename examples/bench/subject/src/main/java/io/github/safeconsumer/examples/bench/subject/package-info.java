/** What every child JVM of the benchmark has on its class path, whatever it measures. */
package io.github.safeconsumer.examples.bench.subject;
