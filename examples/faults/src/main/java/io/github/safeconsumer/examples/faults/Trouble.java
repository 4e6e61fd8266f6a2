package io.github.safeconsumer.examples.faults;

/** What happens to a group while it works, besides what is in its records. */
@FunctionalInterface
interface Trouble {
  /** Nothing. */
  Trouble NONE = stage -> {};

  /** Begins when the first records are sent; the work is not over before this has returned. */
  void run(Stage stage) throws Exception;
}
