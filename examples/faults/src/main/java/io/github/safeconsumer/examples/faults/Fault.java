package io.github.safeconsumer.examples.faults;

import java.time.Duration;

/**
 * One fault.
 *
 * @param name for the command line and the table
 * @param members processes of each side
 * @param plan what stands in the topic
 * @param feed over how long the records come
 * @param options settings
 * @param silentDownstream whether what the handlers connect to never answers
 * @param trouble what happens besides
 * @param patience how long the naive loop gets
 * @param expected what SafeConsumer has to come to
 */
record Fault(
    String name,
    int members,
    Plan plan,
    Duration feed,
    MemberSettings.Options options,
    boolean silentDownstream,
    Trouble trouble,
    Duration patience,
    Expectation expected) {

  /** Only ordinary work for three members, and nothing happens; the others are made from it. */
  static Fault named(String name, Plan plan, Duration patience, MemberSettings.Options options) {
    return new Fault(
        name,
        plan.partitions(),
        plan,
        Duration.ZERO,
        options,
        false,
        Trouble.NONE,
        patience,
        Expectation.undisturbed());
  }

  Fault expecting(Expectation expectation) {
    return new Fault(
        name, members, plan, feed, options, silentDownstream, trouble, patience, expectation);
  }

  Fault with(Trouble happening) {
    return new Fault(
        name, members, plan, feed, options, silentDownstream, happening, patience, expected);
  }

  Fault fedOver(Duration time) {
    return new Fault(
        name, members, plan, time, options, silentDownstream, trouble, patience, expected);
  }

  Fault withSilentDownstream() {
    return new Fault(name, members, plan, feed, options, true, trouble, patience, expected);
  }
}
