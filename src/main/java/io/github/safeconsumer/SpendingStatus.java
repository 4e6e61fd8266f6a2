package io.github.safeconsumer;

import java.time.Instant;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * What attempts of this instance cost, in the units of its {@link SpendingPolicy}. In memory, from
 * start() on.
 *
 * @param spent in all
 * @param prevented what attempts would have cost that an open breaker held back: for each record
 *     that failed and waits for it, the retries that its policy would have made meanwhile and that
 *     were not, reckoned when it is tried next
 * @param lastHour spent within the last hour
 * @param limitPerHour that pauses the consumer, where there is one
 * @param pausedUntil when enough of it will be older than an hour, while it is paused, by the wall
 *     clock
 */
public record SpendingStatus(
    double spent,
    double prevented,
    double lastHour,
    OptionalDouble limitPerHour,
    Optional<Instant> pausedUntil) {}
