package io.github.safeconsumer.examples.bench;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** What was built for the subjects: a directory for each class path below {@code peers}. */
record ClassPaths(Path peers) {
  /** Empty where it has not been built, or not to the end. */
  Optional<String> find(String name) {
    Path target = peers.resolve(name).resolve("target");
    Path jars = target.resolve("run.classpath");
    Path classes = target.resolve("classes");
    if (!Files.isRegularFile(jars) || !Files.isDirectory(classes)) {
      return Optional.empty();
    }
    try {
      return Optional.of(classes + File.pathSeparator + Files.readString(jars).strip());
    } catch (IOException e) {
      throw new UncheckedIOException("could not read " + jars, e);
    }
  }
}
