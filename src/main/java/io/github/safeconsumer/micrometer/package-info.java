/**
 * The figures of a consumer as Micrometer meters: {@link
 * io.github.safeconsumer.micrometer.SafeConsumerMetrics} is the one entry point. For those who have
 * Micrometer on their class path; nothing else in the library needs this package.
 */
@NullMarked
package io.github.safeconsumer.micrometer;

import org.jspecify.annotations.NullMarked;
