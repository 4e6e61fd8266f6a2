package io.github.safeconsumer.support;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;

/** Throwables as nobody should write them, and as somebody does. */
public final class Hostile {
  private Hostile() {}

  /** Each by a name for the test report. */
  public static Map<String, Supplier<Throwable>> throwables() {
    Map<String, Supplier<Throwable>> all = new LinkedHashMap<>();
    all.put("StackOverflowError", StackOverflowError::new);
    all.put("OutOfMemoryError", () -> new OutOfMemoryError("artificial"));
    all.put("NoClassDefFoundError", () -> new NoClassDefFoundError("gone"));
    all.put("own Error", OwnError::new);
    all.put("null message", () -> new IllegalStateException((String) null));
    all.put("huge message", () -> new IllegalStateException("x".repeat(5_000_000)));
    all.put("getMessage throws", MessageThrows::new);
    all.put("toString throws", ToStringThrows::new);
    all.put("getCause throws", CauseThrows::new);
    all.put("getStackTrace throws", StackThrows::new);
    all.put("equals throws", EqualsThrows::new);
    all.put("its own cause", SelfCaused::new);
    all.put("cyclic causes", Hostile::cyclic);
    all.put("endless causes", EndlessCauses::new);
    all.put("InterruptedException", () -> new InterruptedException("not really"));
    all.put(
        "wrapped in itself", () -> new java.util.concurrent.CompletionException(new CauseThrows()));
    return all;
  }

  /** Throws it, checked or not. */
  @SuppressWarnings("unchecked")
  public static <T extends Throwable> RuntimeException sneak(Throwable thrown) throws T {
    throw (T) thrown;
  }

  private static Throwable cyclic() {
    IllegalArgumentException inner = new IllegalArgumentException("inner");
    IllegalStateException outer = new IllegalStateException("outer", inner);
    inner.initCause(outer);
    return outer;
  }

  private static final class OwnError extends Error {
    private static final long serialVersionUID = 1L;
  }

  private static final class MessageThrows extends RuntimeException {
    private static final long serialVersionUID = 1L;

    @Override
    public String getMessage() {
      throw new IllegalStateException("from getMessage");
    }
  }

  private static final class ToStringThrows extends RuntimeException {
    private static final long serialVersionUID = 1L;

    @Override
    @SuppressWarnings("OverrideThrowableToString") // that is what it is for
    public String toString() {
      throw new StackOverflowError();
    }

    @Override
    public String getLocalizedMessage() {
      throw new IllegalStateException("from getLocalizedMessage");
    }
  }

  private static final class CauseThrows extends RuntimeException {
    private static final long serialVersionUID = 1L;

    @Override
    public synchronized Throwable getCause() {
      throw new IllegalStateException("from getCause");
    }
  }

  private static final class StackThrows extends RuntimeException {
    private static final long serialVersionUID = 1L;

    @Override
    public StackTraceElement[] getStackTrace() {
      throw new IllegalStateException("from getStackTrace");
    }
  }

  private static final class EqualsThrows extends RuntimeException {
    private static final long serialVersionUID = 1L;

    EqualsThrows() {
      super(new IllegalStateException("a cause to be compared with"));
    }

    @Override
    public boolean equals(Object other) {
      throw new IllegalStateException("from equals");
    }

    @Override
    public int hashCode() {
      throw new IllegalStateException("from hashCode");
    }
  }

  private static final class SelfCaused extends RuntimeException {
    private static final long serialVersionUID = 1L;

    @Override
    public synchronized Throwable getCause() {
      return this;
    }
  }

  private static final class EndlessCauses extends RuntimeException {
    private static final long serialVersionUID = 1L;

    @Override
    public synchronized Throwable getCause() {
      return new EndlessCauses();
    }
  }
}
