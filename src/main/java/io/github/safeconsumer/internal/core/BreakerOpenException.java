package io.github.safeconsumer.internal.core;

import java.io.Serial;

/**
 * Ends an attempt whose downstream is known to be away, before it is called. Control flow and no
 * failure: without a stack trace, and unchecked, so that a handler lets it through.
 */
final class BreakerOpenException extends RuntimeException {
  @Serial private static final long serialVersionUID = 1L;

  private final transient Scope scope;

  BreakerOpenException(Scope scope) {
    super(
        "the circuit breaker of "
            + scope.breaker().scope()
            + " is open: let this exception through, the record is tried again when it closes",
        null,
        false,
        false);
    this.scope = scope;
  }

  Scope scope() {
    return scope;
  }
}
