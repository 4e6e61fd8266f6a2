/** One command line for whoever operates consumers. */
package io.github.safeconsumer.examples.ops;
