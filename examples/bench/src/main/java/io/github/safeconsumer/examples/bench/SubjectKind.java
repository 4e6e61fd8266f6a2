package io.github.safeconsumer.examples.bench;

import io.github.safeconsumer.examples.bench.subject.RunSpec.Ordering;

/**
 * Who is measured.
 *
 * @param name as the user names it
 * @param classPath directory below peers whose class path it runs on
 * @param type name of its class
 * @param width how many handlers it can have at work
 * @param batchSize records in a batch where the scenario has none; 0 for one by one
 * @param commits whether it commits offsets of a consumer group
 */
record SubjectKind(
    String name,
    String classPath,
    String type,
    Ordering ordering,
    Width width,
    int batchSize,
    boolean commits) {

  /** How many handlers can be at work at once. */
  enum Width {
    /** One in each member. */
    MEMBERS,
    /** One for each partition. */
    PARTITIONS,
    /** As many as asked for. */
    ANY
  }

  /** Handlers that can be at work at once in this variant. */
  int atOnce(Variant variant) {
    return switch (width) {
      case MEMBERS -> variant.members();
      case PARTITIONS ->
          Math.min(variant.topic().partitions(), variant.members() * variant.concurrency());
      case ANY -> variant.members() * variant.concurrency();
    };
  }

  /** The bare client on the same class path. */
  String ownBare() {
    return classPath.equals(Subjects.OURS) ? Subjects.BARE : Subjects.BARE + "@" + classPath;
  }
}
