package io.github.safeconsumer.internal.replay;

import io.github.safeconsumer.ReplayReport.Ending;

/** Thrown where a replay cannot go on, after what it began is taken back. */
final class Ended extends RuntimeException {
  private static final long serialVersionUID = 1L;

  final Ending ending;
  final String problem;

  Ended(Ending ending, String problem) {
    super(problem, null, false, false);
    this.ending = ending;
    this.problem = problem;
  }
}
