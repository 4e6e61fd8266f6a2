/**
 * Two consumer groups, a naive loop and SafeConsumer, on the same bad topic. Enter at {@link
 * io.github.safeconsumer.examples.demo.Demo}; what is claimed in the end is computed in {@link
 * io.github.safeconsumer.examples.demo.Verdict}.
 */
package io.github.safeconsumer.examples.demo;
