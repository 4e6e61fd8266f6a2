package io.github.safeconsumer.examples.bench;

import io.github.safeconsumer.examples.bench.SubjectKind.Width;
import io.github.safeconsumer.examples.bench.subject.Bare;
import io.github.safeconsumer.examples.bench.subject.BarePool;
import io.github.safeconsumer.examples.bench.subject.Naive;
import io.github.safeconsumer.examples.bench.subject.RunSpec.Ordering;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Everybody who can be measured, by name. */
final class Subjects {
  static final String OURS = "safe";
  static final String BARE = "bare";
  static final String BARE_POOL = "bare-pool";

  private static final String PACKAGE = "io.github.safeconsumer.examples.bench.";
  private static final List<SubjectKind> ALL =
      List.of(
          loop(BARE, Bare.class),
          loop("naive", Naive.class),
          new SubjectKind(
              BARE_POOL, OURS, BarePool.class.getName(), Ordering.UNORDERED, Width.ANY, 0, true),
          safe(Ordering.PARTITION, Width.PARTITIONS),
          safe(Ordering.KEY, Width.ANY),
          safe(Ordering.UNORDERED, Width.ANY),
          new SubjectKind(
              "safe-batch",
              OURS,
              PACKAGE + "safe.Safe",
              Ordering.PARTITION,
              Width.PARTITIONS,
              500,
              true),
          new SubjectKind(
              "spring",
              "spring",
              PACKAGE + "spring.Spring",
              Ordering.PARTITION,
              Width.PARTITIONS,
              0,
              true),
          parallel(Ordering.PARTITION, Width.PARTITIONS),
          parallel(Ordering.KEY, Width.ANY),
          parallel(Ordering.UNORDERED, Width.ANY),
          new SubjectKind(
              "share", "share", PACKAGE + "share.Share", Ordering.UNORDERED, Width.ANY, 0, false));

  private Subjects() {}

  private static SubjectKind loop(String name, Class<?> type) {
    return new SubjectKind(name, OURS, type.getName(), Ordering.PARTITION, Width.MEMBERS, 0, true);
  }

  private static SubjectKind safe(Ordering ordering, Width width) {
    return ordered(OURS, PACKAGE + "safe.Safe", ordering, width);
  }

  private static SubjectKind parallel(Ordering ordering, Width width) {
    return ordered("parallel", PACKAGE + "parallel.Parallel", ordering, width);
  }

  private static SubjectKind ordered(
      String classPath, String type, Ordering ordering, Width width) {
    String name = classPath + "-" + ordering.name().toLowerCase(Locale.ROOT);
    return new SubjectKind(name, classPath, type, ordering, width, 0, true);
  }

  static List<String> names() {
    return ALL.stream().map(SubjectKind::name).toList();
  }

  /** {@code bare}, {@code safe-key}, ..., or a loop on the class path of a peer: {@code bare@X}. */
  static Optional<SubjectKind> find(String name) {
    int at = name.indexOf('@');
    if (at < 0) {
      return ALL.stream().filter(kind -> kind.name().equals(name)).findFirst();
    }
    String peer = name.substring(at + 1);
    return ALL.stream()
        .filter(kind -> kind.name().equals(name.substring(0, at)))
        .filter(kind -> kind.width() == Width.MEMBERS)
        .filter(kind -> ALL.stream().anyMatch(other -> other.classPath().equals(peer)))
        .map(
            kind ->
                new SubjectKind(
                    name, peer, kind.type(), kind.ordering(), kind.width(), 0, kind.commits()))
        .findFirst();
  }
}
