package io.github.safeconsumer.examples.demo;

import io.github.safeconsumer.SafeConsumer;
import io.github.safeconsumer.examples.demo.report.Fact;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What was run, and on what. */
final class Surroundings {
  private static final String UNKNOWN = "unknown";
  private static final Pattern CLIENT = Pattern.compile("(?m)^version=(\\S+)");
  private static final Pattern BROKER = Pattern.compile("kafka_[0-9.]+-([0-9][^/\\\\]*?)\\.jar");

  private Surroundings() {}

  static List<Fact> of(OrderFeed feed, ConsumerSettings settings) {
    Scale scale = feed.scale();
    List<Fact> facts = new ArrayList<>();
    facts.add(
        new Fact(
            "when",
            ZonedDateTime.now(ZoneOffset.UTC)
                .truncatedTo(ChronoUnit.SECONDS)
                .format(DateTimeFormatter.ISO_INSTANT)));
    facts.add(
        new Fact(
            "orders",
            format(
                "%,d in %d partitions: %,d malformed, %,d of customers that do not exist, %,d whose"
                    + " payment fails twice, %,d that take %d ms each (a stretch of %,d a"
                    + " partition), the others %d ms",
                scale.total(),
                scale.partitions(),
                feed.total(Kind.MALFORMED),
                feed.total(Kind.UNKNOWN_CUSTOMER),
                feed.total(Kind.DECLINED_TWICE),
                feed.total(Kind.SLOW),
                Fulfilment.CUSTOMS.toMillis(),
                scale.slow(),
                Fulfilment.ORDINARY.toMillis())));
    facts.add(
        new Fact(
            "groups",
            format(
                "%d members with a naive loop, and one SafeConsumer with %d workers and %d attempts"
                    + " a record",
                scale.partitions(), scale.partitions(), SafeGroup.ATTEMPTS)));
    facts.add(new Fact("settings of both", settings(settings.shared())));
    facts.add(new Fact("SafeConsumer", version(SafeConsumer.class)));
    facts.add(new Fact("Kafka client", client()));
    facts.add(new Fact("Kafka broker", broker() + ", one node on the same machine"));
    facts.add(new Fact("Java", System.getProperty("java.vm.name") + " " + Runtime.version()));
    facts.add(
        new Fact(
            "machine",
            format(
                "%s %s, %d processors",
                System.getProperty("os.name"),
                System.getProperty("os.arch"),
                Runtime.getRuntime().availableProcessors())));
    return facts;
  }

  private static String settings(Map<String, String> settings) {
    List<String> all = new ArrayList<>();
    new TreeMap<>(settings).forEach((name, value) -> all.add(name + "=" + value));
    return String.join(", ", all);
  }

  private static String version(Class<?> type) {
    return Optional.ofNullable(type.getPackage().getImplementationVersion()).orElse(UNKNOWN);
  }

  private static String client() {
    return found(CLIENT, resource("/kafka/kafka-version.properties"));
  }

  /** Its jars are on a class path of their own, which the build wrote down. */
  private static String broker() {
    return found(BROKER, resource("/broker.classpath"));
  }

  private static String found(Pattern pattern, String text) {
    Matcher matcher = pattern.matcher(text);
    return matcher.find() ? matcher.group(1) : UNKNOWN;
  }

  /** Empty where there is none. */
  private static String resource(String name) {
    try (InputStream in = Surroundings.class.getResourceAsStream(name)) {
      return in == null ? "" : new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException("could not read " + name, e);
    }
  }

  private static String format(String pattern, Object... values) {
    return String.format(Locale.ROOT, pattern, values);
  }
}
