/**
 * For tests of handlers: {@link io.github.safeconsumer.testing.HandlerTestDriver} runs the real
 * consumer on the test's own thread, in virtual time, without a broker.
 */
@NullMarked
package io.github.safeconsumer.testing;

import org.jspecify.annotations.NullMarked;
