package io.github.safeconsumer.budget;

import io.github.safeconsumer.Status;

/** Looks at the status over and over: how much is admitted, against what may be. */
final class BudgetWatch {
  void look(Status status) {}
}
