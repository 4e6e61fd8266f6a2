package io.github.safeconsumer.internal.replay;

import io.github.safeconsumer.ConfigurationException;
import io.github.safeconsumer.DeadLetter;
import io.github.safeconsumer.DeadLetterFilter;
import io.github.safeconsumer.DeadLetters.Entry;
import io.github.safeconsumer.Preflight.Finding;
import io.github.safeconsumer.Preflight.Severity;
import io.github.safeconsumer.ReplayOptions;
import io.github.safeconsumer.ReplayReport;
import io.github.safeconsumer.ReplayReport.Ending;
import io.github.safeconsumer.internal.core.SafeThrowables;
import io.github.safeconsumer.internal.replay.Outgoing.Parcel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.InterruptException;
import org.jspecify.annotations.Nullable;

/**
 * One replay. The order of its first steps matters: take the id over, and only then ask for its
 * positions. For the thread that runs it alone.
 */
final class Replay {
  /** Names the group of the positions, and the transactional id. */
  static final String GROUP = "safeconsumer-replay-";

  private static final int MOST_TOGETHER = 500;

  private final Access access;
  private final Predicate<? super DeadLetter> filter;
  private final ReplayOptions options;
  private final Map<String, Object> producerSettings;
  private final Stop stop;
  private final Pace pace;
  private final Tally tally = new Tally();
  private final List<String> warnings = new ArrayList<>();
  private final List<Parcel> pending = new ArrayList<>();
  private int allowed;
  private long taken;

  Replay(
      Access access,
      Predicate<? super DeadLetter> filter,
      ReplayOptions options,
      Map<String, Object> producerSettings,
      Stop stop) {
    this.access = access;
    this.filter = filter;
    this.options = options;
    this.producerSettings = producerSettings;
    this.stop = stop;
    this.pace = new Pace(options.maxRecordsPerSecond(), access.platform().time(), stop);
  }

  ReplayReport run() {
    long start = access.platform().time().nanos();
    String group = GROUP + options.id();
    Admin admin = access.admin();
    try {
      Cluster cluster = new Cluster(admin);
      List<TopicPartition> partitions = Lister.partitions(cluster, access.topic());
      checkTarget(cluster);
      Outgoing outgoing = new Outgoing(options, cluster, cluster.id(), access.topic());
      Consumer<byte[], byte[]> consumer = access.reader(Optional.of(group));
      Producer<byte[], byte[]> producer =
          options.isDryRun() ? null : access.producer(producerSettings, group);
      try {
        Result result = run(consumer, producer, partitions, cluster, outgoing);
        Readers.Found readers = new Readers(admin).of(tally.groups);
        warnings.addAll(readers.warnings());
        return report(result, readers, start);
      } finally {
        if (producer != null) {
          Clients.close(producer);
        }
        Clients.close(consumer);
      }
    } finally {
      Clients.close(admin);
    }
  }

  private record Result(Ending ending, String problem, boolean resumed) {}

  private Result run(
      Consumer<byte[], byte[]> consumer,
      @Nullable Producer<byte[], byte[]> producer,
      List<TopicPartition> partitions,
      Cluster cluster,
      Outgoing outgoing) {
    boolean resumed = false;
    try {
      @Nullable Sender sender =
          producer == null ? null : new Sender(producer, consumer.groupMetadata());
      if (sender != null) {
        sender.begin();
      }
      Positions positions = positions(consumer, partitions, cluster);
      resumed = positions.resumed();
      warnings.addAll(positions.warnings());
      if (!resumed) {
        transmit(sender, positions); // from now on the id stands for these letters and this filter
      }
      new Scan(consumer, positions.spans(), stop, access.platform().time())
          .run(batch -> take(batch, outgoing, sender, positions));
      positions.complete();
      transmit(sender, positions);
      return new Result(Ending.COMPLETE, "", resumed);
    } catch (Ended ended) {
      return new Result(ended.ending, ended.problem, resumed);
    } catch (Stop.Stopped stopped) {
      return new Result(
          Ending.STOPPED, "closed meanwhile: run it again with the same id for the rest", resumed);
    } catch (ConfigurationException | InterruptException e) {
      throw e;
    } catch (KafkaException e) {
      return new Result(
          Ending.FAILED,
          SafeThrowables.className(e)
              + " while reading "
              + access.topic()
              + ": "
              + (e instanceof AuthorizationException
                  ? "grant READ on the topic and on group " + GROUP + options.id()
                  : "once the cluster is well, run it again with the same id"),
          resumed);
    }
  }

  private void checkTarget(Cluster cluster) {
    if (options.topic().isPresent() && cluster.topic(options.topic().get()).isEmpty()) {
      throw new ConfigurationException(
          List.of(
              new Finding(
                  Severity.UNSAFE,
                  "ReplayOptions.toTopic",
                  options.topic().get(),
                  "there is no such topic in this cluster",
                  "create it, or correct the name")));
    }
  }

  private Positions positions(
      Consumer<byte[], byte[]> consumer, List<TopicPartition> partitions, Cluster cluster) {
    String text =
        options
            .filterText()
            .orElse(filter instanceof DeadLetterFilter known ? known.toString() : "");
    if (text.isEmpty()) {
      warnings.add(
          "the filter has no text, so nobody can tell whether a later run with this id has the"
              + " same one: give filterText(..)");
    }
    String topicId = cluster.topic(access.topic()).map(Cluster.Topic::id).orElse("");
    return Positions.of(
        options.id(),
        new ReplayState(0, topicId, options.topic(), ReplayState.storable(text)),
        new Positions.Found(
            consumer.beginningOffsets(partitions, Access.ANSWER),
            consumer.endOffsets(partitions, Access.ANSWER),
            consumer.committed(Set.copyOf(partitions), Access.ANSWER)));
  }

  private boolean take(
      List<ConsumerRecord<byte[], byte[]>> batch,
      Outgoing outgoing,
      @Nullable Sender sender,
      Positions positions) {
    for (ConsumerRecord<byte[], byte[]> record : batch) {
      stop.check();
      Optional<Entry> entry = Lister.entry(record);
      boolean matches = entry.isPresent() && filter.test(entry.get().letter());
      if (matches && taken == options.limit()) {
        transmit(sender, positions);
        throw new Ended(
            Ending.LIMITED, "the limit is reached: run it again with the same id for more");
      }
      tally.read++;
      if (entry.isEmpty()) {
        tally.foreign++;
      } else if (matches) {
        tally.matched++;
        consider(entry.get(), outgoing, sender, positions);
      }
      positions.passed(new TopicPartition(record.topic(), record.partition()), record.offset());
    }
    if (!pending.isEmpty()) {
      transmit(sender, positions);
    }
    return true;
  }

  private void consider(
      Entry entry, Outgoing outgoing, @Nullable Sender sender, Positions positions) {
    String refusal = outgoing.refusal(entry.letter());
    if (refusal != null) {
      tally.refuse(entry, refusal);
    } else if (tally.isCopy(entry.letter())) {
      tally.duplicates++;
    } else {
      if (pending.size() >= allowed) {
        if (!pending.isEmpty()) {
          transmit(sender, positions);
        }
        allowed = options.isDryRun() ? MOST_TOGETHER : pace.take(MOST_TOGETHER);
      }
      pending.add(outgoing.parcel(entry));
      taken++;
    }
  }

  /** Sends what is pending, and stores how far that is; without what the target refuses. */
  private void transmit(@Nullable Sender sender, Positions positions) {
    while (sender != null) {
      Optional<Sender.Refused> refused = sender.send(pending, positions.toStore());
      if (refused.isEmpty()) {
        break;
      }
      Parcel parcel = pending.remove(refused.get().index());
      tally.refuse(parcel.entry(), refused.get().reason());
    }
    pending.forEach(parcel -> tally.sent(parcel.entry(), parcel.record().topic()));
    allowed -= pending.size();
    pending.clear();
  }

  private ReplayReport report(Result result, Readers.Found readers, long start) {
    return new ReplayReport(
        options.id(),
        options.isDryRun(),
        result.ending(),
        result.problem(),
        result.resumed(),
        tally.read,
        tally.foreign,
        tally.matched,
        tally.sent,
        tally.duplicates,
        tally.refused,
        tally.refusals,
        tally.targets,
        readers.others(),
        warnings,
        Duration.ofNanos(access.platform().time().nanos() - start));
  }
}
