package io.github.safeconsumer.examples.migrate;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** What a member is made with. Peers have class paths of their own, built by examples/run. */
enum Kind {
  SAFE("SafeConsumer", SafeMember.class.getName(), ""),
  PLAIN("plain loop", PlainMember.class.getName(), ""),
  SPRING("Spring Kafka", "io.github.safeconsumer.examples.migrate.spring.SpringMember", "spring"),
  PARALLEL(
      "Parallel Consumer",
      "io.github.safeconsumer.examples.migrate.parallel.ParallelMember",
      "parallel");

  private final String title;
  private final String member;
  private final String peer;

  Kind(String title, String member, String peer) {
    this.title = title;
    this.member = member;
    this.peer = peer;
  }

  String title() {
    return title;
  }

  String member() {
    return member;
  }

  String label() {
    return name().toLowerCase(java.util.Locale.ROOT);
  }

  /** Empty where it could not be built. */
  Optional<String> classPath() {
    if (peer.isEmpty()) {
      return Optional.of(System.getProperty("java.class.path"));
    }
    Path target =
        Path.of(System.getProperty("examples.target", "target"))
            .resolveSibling("peers")
            .resolve(peer)
            .resolve("target");
    Path jars = target.resolve("run.classpath");
    if (!Files.isRegularFile(jars)) {
      return Optional.empty();
    }
    try {
      return Optional.of(
          target.resolve("classes") + File.pathSeparator + Files.readString(jars).strip());
    } catch (IOException e) {
      throw new UncheckedIOException("could not read " + jars, e);
    }
  }
}
