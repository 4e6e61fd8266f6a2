package io.github.safeconsumer.sim.kafka;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** The argument of close: a bound, or options, which the oldest client does not have. */
record Closing(long boundNanos, Leaving leaving) {
  private static final long DEFAULT_BOUND = TimeUnit.SECONDS.toNanos(30);

  static Closing of(Object[] args) {
    if (args.length == 0) {
      return new Closing(DEFAULT_BOUND, Leaving.DEFAULT);
    }
    if (args[0] instanceof Duration bound) {
      return new Closing(bound.toNanos(), Leaving.DEFAULT);
    }
    try {
      Object options = args[0];
      Object bound = options.getClass().getMethod("timeout").invoke(options);
      String leaving =
          options.getClass().getMethod("groupMembershipOperation").invoke(options).toString();
      long nanos =
          bound instanceof Optional<?> some && some.isPresent()
              ? ((Duration) some.get()).toNanos()
              : DEFAULT_BOUND;
      return new Closing(
          nanos,
          switch (leaving) {
            case "LEAVE_GROUP" -> Leaving.LEAVE;
            case "REMAIN_IN_GROUP" -> Leaving.REMAIN;
            default -> Leaving.DEFAULT;
          });
    } catch (ReflectiveOperationException e) {
      throw new LinkageError("close(" + args[0] + ")", e);
    }
  }
}
