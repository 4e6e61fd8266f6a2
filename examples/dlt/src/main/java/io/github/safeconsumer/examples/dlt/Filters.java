package io.github.safeconsumer.examples.dlt;

import io.github.safeconsumer.DeadLetterFilter;
import picocli.CommandLine.Option;

/** The flags that say which letters are meant. All that are given must hold. */
final class Filters {
  @Option(
      names = "--exception",
      paramLabel = "PART",
      description = "only with this as a part of the exception's class name, or of a cause's")
  private String exception;

  @Option(
      names = "--reason",
      paramLabel = "WORD",
      description =
          "only these: exhausted, non-retryable, undeserializable, hung, crashed, operator")
  private String reason;

  @Option(
      names = "--origin",
      paramLabel = "TOPIC",
      description = "only records that were read from this topic")
  private String origin;

  @Option(names = "--partition", paramLabel = "N", description = "... from this partition")
  private String partition;

  @Option(names = "--offsets", paramLabel = "FROM-TO", description = "... at these offsets there")
  private String offsets;

  @Option(names = "--group", paramLabel = "GROUP", description = "only of this consumer group")
  private String group;

  @Option(
      names = "--since",
      paramLabel = "TIME",
      description = "last failure from then on, as in 2026-03-01T10:00:00Z")
  private String since;

  @Option(names = "--before", paramLabel = "TIME", description = "last failure before then")
  private String before;

  @Option(names = "--letter", paramLabel = "ID", description = "one letter")
  private String letter;

  /**
   * @throws IllegalArgumentException naming the flag that means nothing
   */
  DeadLetterFilter all() {
    DeadLetterFilter all = DeadLetterFilter.all();
    if (exception != null) {
      all = all.and(DeadLetterFilter.exception(exception));
    }
    if (reason != null) {
      all = all.and(DeadLetterFilter.reason(Values.reason(reason)));
    }
    if (origin != null) {
      all = all.and(DeadLetterFilter.topic(origin));
    }
    if (partition != null) {
      all = all.and(DeadLetterFilter.partition((int) Values.number("--partition", partition, 0)));
    }
    if (offsets != null) {
      long[] ends = Values.offsets(offsets);
      all = all.and(DeadLetterFilter.offsets(ends[0], ends[1]));
    }
    if (group != null) {
      all = all.and(DeadLetterFilter.group(group));
    }
    if (since != null) {
      all = all.and(DeadLetterFilter.failedFrom(Values.time("--since", since)));
    }
    if (before != null) {
      all = all.and(DeadLetterFilter.failedBefore(Values.time("--before", before)));
    }
    if (letter != null) {
      all = all.and(DeadLetterFilter.id(letter));
    }
    return all;
  }
}
