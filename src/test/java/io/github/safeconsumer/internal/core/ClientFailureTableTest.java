package io.github.safeconsumer.internal.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Modifier;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.jar.JarFile;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.common.KafkaException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * Every exception class of the kafka-clients on the class path means what the reviewed table says,
 * and none is missing from it.
 */
class ClientFailureTableTest {
  private static final String TABLE = "/client-failures.txt";
  private static final Set<String> PACKAGES =
      Set.of(
          "org.apache.kafka.common",
          "org.apache.kafka.common.config",
          "org.apache.kafka.common.errors",
          "org.apache.kafka.clients.consumer");

  @AfterEach
  void clearTheInterruptThatKafkasExceptionSets() {
    Thread.interrupted();
  }

  @Test
  void shouldClassifyEveryExceptionOfTheClientAsReviewed() {
    Map<String, ClientFailure> reviewed = table();
    Map<String, ClientFailure> actual = new TreeMap<>();
    exceptions().forEach(type -> actual.put(type.getName(), ClientFailure.of(instance(type))));

    assertThat(actual).as("exceptions found in the jar").hasSizeGreaterThan(140);
    assertThat(actual.keySet())
        .as("exceptions that nobody has reviewed: decide, and add them to " + TABLE)
        .isSubsetOf(reviewed.keySet());
    assertThat(actual)
        .allSatisfy((name, failure) -> assertThat(failure).as(name).isEqualTo(reviewed.get(name)));
  }

  private static Map<String, ClientFailure> table() {
    try (BufferedReader reader =
        new BufferedReader(
            new InputStreamReader(
                ClientFailureTableTest.class.getResourceAsStream(TABLE), StandardCharsets.UTF_8))) {
      return reader
          .lines()
          .filter(line -> !line.isBlank() && !line.startsWith("#"))
          .map(line -> line.split(" ", 2))
          .collect(Collectors.toMap(row -> row[1], row -> ClientFailure.valueOf(row[0])));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static List<Class<?>> exceptions() {
    try (JarFile jar = new JarFile(clientJar().toFile())) {
      return Collections.list(jar.entries()).stream()
          .map(entry -> entry.getName().replace('/', '.'))
          .filter(name -> name.endsWith(".class"))
          .map(name -> name.substring(0, name.length() - ".class".length()))
          .filter(name -> PACKAGES.contains(name.substring(0, Math.max(0, name.lastIndexOf('.')))))
          .<Class<?>>flatMap(ClientFailureTableTest::load)
          .filter(Throwable.class::isAssignableFrom)
          .filter(type -> !Modifier.isAbstract(type.getModifiers()))
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Path clientJar() {
    try {
      return Path.of(
          KafkaException.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  private static Stream<Class<?>> load(String name) {
    try {
      return Stream.of(Class.forName(name, false, KafkaException.class.getClassLoader()));
    } catch (ClassNotFoundException | LinkageError needsWhatIsNotHere) {
      return Stream.of();
    }
  }

  /** By whichever constructor takes arguments that mean nothing. */
  private static Throwable instance(Class<?> type) {
    Constructor<?>[] constructors = type.getDeclaredConstructors();
    Arrays.sort(constructors, Comparator.comparingInt(Constructor::getParameterCount));
    for (Constructor<?> constructor : constructors) {
      try {
        constructor.setAccessible(true);
        return (Throwable)
            constructor.newInstance(
                Arrays.stream(constructor.getParameterTypes())
                    .map(ClientFailureTableTest::anything)
                    .toArray());
      } catch (InvocationTargetException wantsMore) {
        // The next one may take less.
      } catch (ReflectiveOperationException e) {
        throw new IllegalStateException(type.getName(), e);
      }
    }
    throw new IllegalStateException("no constructor of " + type.getName() + " could be used");
  }

  private static Object anything(Class<?> type) {
    if (type == String.class) {
      return "x";
    }
    if (type == int.class) {
      return 0;
    }
    if (type == long.class) {
      return 0L;
    }
    if (type == boolean.class) {
      return false;
    }
    if (type.isAssignableFrom(Set.class)) {
      return Set.of();
    }
    return type.isAssignableFrom(Map.class) ? Map.of() : null;
  }
}
