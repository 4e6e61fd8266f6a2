package io.github.safeconsumer.support;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Jars that an embedder runs with, for a {@link ChildJvm}: what the library brings, and variations.
 *
 * @param entries jars and directories
 */
public record EmbedderClassPath(List<Path> entries) {
  private static final Path LIBRARY = Path.of("target", "classes").toAbsolutePath();
  private static final Path OLDEST_CLIENT = Path.of("target", "oldest-client").toAbsolutePath();

  /** The entries of a class path as a JVM takes it. */
  public static List<Path> parse(String classPath) {
    return Arrays.stream(classPath.split(File.pathSeparator)).map(Path::of).toList();
  }

  /** What the library brings: its compile and runtime dependencies, without the library itself. */
  public static EmbedderClassPath dependencies() {
    return new EmbedderClassPath(parse(resource("/compile.classpath")));
  }

  /** The library and what it brings. */
  public static EmbedderClassPath library() {
    return dependencies().with(LIBRARY);
  }

  /** The same, where the embedder has taken the Jackson jars away. */
  public EmbedderClassPath withoutJackson() {
    return without(artifact -> artifact.startsWith("jackson-"));
  }

  /** The same, where the embedder has pinned the oldest client that is supported. */
  public EmbedderClassPath withOldestClient() {
    List<Path> oldest = jarsIn(OLDEST_CLIENT);
    List<String> replaced = new EmbedderClassPath(oldest).artifacts();
    return without(replaced::contains).with(oldest.toArray(Path[]::new));
  }

  /** The same with another build of the library. */
  public EmbedderClassPath withLibrary(Path jar) {
    return new EmbedderClassPath(
        entries.stream()
            .map(entry -> entry.equals(LIBRARY) ? jar.toAbsolutePath() : entry)
            .toList());
  }

  /**
   * The same, where the embedder has also added what these classes are in.
   *
   * @param types on the class path of the tests
   */
  public EmbedderClassPath withJarsOf(Class<?>... types) {
    return with(Arrays.stream(types).map(EmbedderClassPath::jarOf).toArray(Path[]::new));
  }

  /** The names of the entries without version and suffix. */
  public List<String> artifacts() {
    return entries.stream().map(EmbedderClassPath::artifact).toList();
  }

  /** As a JVM takes it. */
  public String value() {
    return entries.stream().map(Path::toString).collect(Collectors.joining(File.pathSeparator));
  }

  private EmbedderClassPath with(Path... more) {
    List<Path> all = new ArrayList<>(entries);
    all.addAll(List.of(more));
    return new EmbedderClassPath(List.copyOf(all));
  }

  private EmbedderClassPath without(Predicate<String> artifact) {
    return new EmbedderClassPath(
        entries.stream().filter(entry -> !artifact.test(artifact(entry))).toList());
  }

  private static Path jarOf(Class<?> type) {
    try {
      return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI());
    } catch (URISyntaxException e) {
      throw new IllegalStateException("no file has " + type, e);
    }
  }

  private static String artifact(Path entry) {
    return entry.getFileName().toString().replaceFirst("-\\d.*\\.jar$", "");
  }

  private static List<Path> jarsIn(Path directory) {
    try (Stream<Path> files = Files.list(directory)) {
      return files.filter(file -> file.toString().endsWith(".jar")).toList();
    } catch (IOException e) {
      throw new UncheckedIOException(
          "no jars in " + directory + ": build with Maven, which copies them there", e);
    }
  }

  private static String resource(String name) {
    try (InputStream in = EmbedderClassPath.class.getResourceAsStream(name)) {
      if (in == null) {
        throw new IllegalStateException(name + " is missing: build with Maven, which writes it");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8).strip();
    } catch (IOException e) {
      throw new UncheckedIOException("could not read " + name, e);
    }
  }
}
