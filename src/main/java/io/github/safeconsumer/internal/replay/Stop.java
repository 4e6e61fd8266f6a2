package io.github.safeconsumer.internal.replay;

import io.github.safeconsumer.internal.shell.Parker;

/** Ends one operation from another thread: it looks here wherever it waits. */
final class Stop {
  private final Parker parker;
  private volatile boolean asked;

  Stop(Parker parker) {
    this.parker = parker;
  }

  /** Thrown where the operation is to end. */
  static final class Stopped extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Stopped() {
      super("closed", null, false, false);
    }
  }

  void ask() {
    asked = true;
    parker.wake();
  }

  /** Fails once it was asked. */
  void check() {
    if (asked) {
      throw new Stopped();
    }
  }

  void park(long nanos) {
    parker.park(nanos);
    check();
  }
}
