/** A handler with its retries, dead letters and crashes, tested without a broker. */
package io.github.safeconsumer.examples.testingahandler;
