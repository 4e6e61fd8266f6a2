package io.github.safeconsumer.examples.incidents;

import io.github.safeconsumer.localkafka.LocalKafka;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Stages incidents on a real broker, one after the other, and prints what the diagnosis says of
 * each: inside, by {@code SafeConsumer.diagnose()} and {@code health()}, and from outside, by
 * {@code GroupDoctor}; and after how many seconds. With arguments only those whose names contain
 * one of them. The exit code is 0 when all were told as they have to be.
 */
public final class Incidents {
  private static final Duration PATIENCE = Duration.ofSeconds(90);

  private Incidents() {}

  public static void main(String[] arguments) {
    List<Incident> chosen =
        Catalogue.all().stream()
            .filter(
                one ->
                    arguments.length == 0
                        || List.of(arguments).stream().anyMatch(part -> one.name().contains(part)))
            .toList();
    if (chosen.isEmpty()) {
      System.err.println("no incident has a name with " + List.of(arguments) + ". There are:");
      Catalogue.all().forEach(one -> System.err.println("  " + one.name()));
      System.exit(64);
    }
    boolean fine = true;
    try (LocalKafka kafka = LocalKafka.start(1)) {
      Rehearsal rehearsal = new Rehearsal(kafka.bootstrapServers(), PATIENCE);
      System.out.println("incident                          inside   not ready   from outside");
      for (Incident one : chosen) {
        Result result = rehearsal.play(one);
        print(result);
        fine &= result.isAsExpected();
      }
    }
    System.out.println(fine ? "all were told as they have to be" : "NOT all were told");
    System.exit(fine ? 0 : 1);
  }

  private static void print(Result result) {
    Incident incident = result.incident();
    System.out.printf(
        "%-32s %7s %11s %14s%n",
        incident.name(),
        seconds(result.inside(), incident.inside().isEmpty()),
        seconds(result.notReady(), !incident.notReady()),
        seconds(result.outside(), incident.outside().isEmpty()));
    result.inside().ifPresent(said -> System.out.println("    inside   " + said.text()));
    result.notReady().ifPresent(said -> System.out.println("    health   " + said.text()));
    result.outside().ifPresent(said -> System.out.println("    outside  " + said.text()));
    result.error().ifPresent(failed -> System.out.println("    NOT STAGED: " + failed));
  }

  private static String seconds(Optional<Watch.Said> said, boolean nothingExpected) {
    return said.map(one -> "%.1f s".formatted(one.after().toMillis() / 1000.0))
        .orElse(nothingExpected ? "-" : "NOT TOLD");
  }
}
