package io.github.safeconsumer.examples.incidents;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** Plays one incident to its end. */
final class Rehearsal {
  private final String bootstrapServers;
  private final Duration patience;

  Rehearsal(String bootstrapServers, Duration patience) {
    this.bootstrapServers = bootstrapServers;
    this.patience = patience;
  }

  Result play(Incident incident) {
    String name = incident.name().replaceAll("[^a-z]+", "-");
    ExecutorService watchers = Executors.newCachedThreadPool();
    try (Stage stage = new Stage(bootstrapServers, name)) {
      incident.script().play(stage);
      Watch watch = new Watch(stage, patience);
      CompletableFuture<Optional<Watch.Said>> outside =
          CompletableFuture.supplyAsync(
              () ->
                  incident.outside().isEmpty()
                      ? Optional.empty()
                      : watch.outside(incident.outside()),
              watchers);
      CompletableFuture<Optional<Watch.Said>> notReady =
          CompletableFuture.supplyAsync(
              () -> incident.notReady() ? watch.notReady() : Optional.empty(), watchers);
      return new Result(
          incident,
          watch.inside(incident.inside()),
          notReady.join(),
          outside.join(),
          Optional.empty());
    } catch (Exception failed) {
      return new Result(
          incident, Optional.empty(), Optional.empty(), Optional.empty(), Optional.of(failed));
    } finally {
      watchers.shutdownNow();
    }
  }
}
