package io.github.safeconsumer.internal.core;

/**
 * How a failed attempt stands to the scope that it belongs to, once that scope's breaker was told.
 *
 * @param alone whether no other record was there to be tried: then nothing but this one speaks for
 *     an outage
 */
public record Standing(Scope scope, Breaker.Verdict verdict, boolean alone) {
  /** The failure is the record's own case: the breaker was not asked. */
  static Standing own(Scope scope) {
    return new Standing(
        scope,
        new Breaker.Verdict(Breaker.Effect.NONE, scope.breaker().era(), 0, null, null),
        false);
  }
}
