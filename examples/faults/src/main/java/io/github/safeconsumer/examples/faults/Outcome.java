package io.github.safeconsumer.examples.faults;

/** How the work stood in the end. */
enum Outcome {
  /** All good records are done, and everything is committed. */
  DONE,
  /** Not so, and nothing more happens. */
  STUCK,
  /** Not so, and the same is done over and over. */
  ENDLESS
}
