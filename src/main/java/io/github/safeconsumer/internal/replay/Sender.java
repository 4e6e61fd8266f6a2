package io.github.safeconsumer.internal.replay;

import io.github.safeconsumer.ReplayReport.Ending;
import io.github.safeconsumer.internal.core.SafeThrowables;
import io.github.safeconsumer.internal.deadletter.SendFailure;
import io.github.safeconsumer.internal.replay.Outgoing.Parcel;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.InvalidProducerEpochException;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.TransactionalIdAuthorizationException;
import org.jspecify.annotations.Nullable;

/**
 * Records and positions in one transaction: both are there, or neither is.
 *
 * <p>Of two with the same transactional id the later one fences the earlier, whatever that was in
 * the middle of; and it learns the positions only after the earlier one's last transaction has
 * ended. So no letter is sent by both.
 */
final class Sender {
  private static final int LONGEST_CHAIN = 16;

  private final Producer<byte[], byte[]> producer;
  private final ConsumerGroupMetadata group;

  Sender(Producer<byte[], byte[]> producer, ConsumerGroupMetadata group) {
    this.producer = producer;
    this.group = group;
  }

  /** A record that its topic will never take. */
  record Refused(int index, String reason) {}

  /** Takes the id over from whoever has it. */
  void begin() {
    try {
      producer.initTransactions();
    } catch (InterruptException e) {
      throw e;
    } catch (KafkaException e) {
      throw ended(e, "before anything was sent");
    }
  }

  /** Sends all of it; or nothing, because one of the records is refused. */
  Optional<Refused> send(List<Parcel> parcels, Map<TopicPartition, OffsetAndMetadata> positions) {
    AtomicReferenceArray<@Nullable Exception> failures = new AtomicReferenceArray<>(parcels.size());
    boolean committing = false;
    try {
      producer.beginTransaction();
      for (int i = 0; i < parcels.size(); i++) {
        int index = i;
        // Its result comes through the callback.
        Future<RecordMetadata> unused =
            producer.send(parcels.get(i).record(), (done, failure) -> failures.set(index, failure));
      }
      // A record that is refused is to be known by its own failure, not by that of the next call.
      producer.flush();
      if (refused(parcels, failures).isEmpty()) {
        producer.sendOffsetsToTransaction(positions, group);
        committing = true;
        producer.commitTransaction();
        return Optional.empty();
      }
    } catch (InterruptException e) {
      throw e; // closing the producer takes the transaction back
    } catch (KafkaException e) {
      if (committing && causedBy(e, TimeoutException.class)) {
        throw new Ended(
            Ending.FAILED,
            "the cluster did not confirm the last "
                + parcels.size()
                + " records in time, so whether they are there is not known here: run it again with"
                + " the same id, which knows");
      }
      Optional<Refused> refused = refused(parcels, failures);
      if (refused.isEmpty()) {
        abort();
        throw ended(worst(failures, e), "its transaction was taken back");
      }
    }
    if (!abort()) {
      throw new Ended(
          Ending.FAILED,
          "a record was refused and its transaction could not be taken back: run it again with the"
              + " same id");
    }
    return refused(parcels, failures);
  }

  private static Optional<Refused> refused(
      List<Parcel> parcels, AtomicReferenceArray<@Nullable Exception> failures) {
    for (int i = 0; i < failures.length(); i++) {
      Exception failure = failures.get(i);
      if (failure != null && SendFailure.of(failure).isTheRecords()) {
        return Optional.of(
            new Refused(
                i,
                "topic "
                    + parcels.get(i).record().topic()
                    + " takes no such record ("
                    + SafeThrowables.className(failure)
                    + ")"));
      }
    }
    return Optional.empty();
  }

  /** What a record failed with says more than that the transaction cannot go on. */
  private static Throwable worst(
      AtomicReferenceArray<@Nullable Exception> failures, KafkaException thrown) {
    for (int i = 0; i < failures.length(); i++) {
      Exception failure = failures.get(i);
      if (failure instanceof AuthorizationException || (failure != null && isFenced(failure))) {
        return failure;
      }
    }
    return thrown;
  }

  /** False where the client cannot: then the broker does, when the next run begins. */
  private boolean abort() {
    try {
      producer.abortTransaction();
      return true;
    } catch (InterruptException e) {
      throw e;
    } catch (ProducerFencedException e) {
      throw fenced();
    } catch (KafkaException | IllegalStateException e) {
      return false;
    }
  }

  private static Ended ended(Throwable failure, String state) {
    if (isFenced(failure)) {
      return fenced();
    }
    String what = SafeThrowables.className(failure) + ", " + state;
    if (causedBy(failure, TransactionalIdAuthorizationException.class)) {
      return new Ended(
          Ending.FAILED,
          what + ": grant WRITE on the transactional id of this replay to this user");
    }
    if (causedBy(failure, AuthorizationException.class)
        || causedBy(failure, AuthenticationException.class)) {
      return new Ended(
          Ending.FAILED,
          what
              + ": grant WRITE on the target topic and READ on the group of this replay to this"
              + " user, and run it again with the same id");
    }
    return new Ended(
        Ending.FAILED, what + ": once the cluster is well, run it again with the same id");
  }

  private static Ended fenced() {
    return new Ended(
        Ending.FENCED,
        "another replay with this id has begun and does the rest, or this one stood still in a"
            + " transaction for longer than transaction.timeout.ms");
  }

  private static boolean isFenced(Throwable failure) {
    return causedBy(failure, ProducerFencedException.class)
        || causedBy(failure, InvalidProducerEpochException.class);
  }

  private static boolean causedBy(Throwable failure, Class<? extends Throwable> type) {
    Throwable t = failure;
    for (int i = 0; t != null && i < LONGEST_CHAIN; i++) {
      if (type.isInstance(t)) {
        return true;
      }
      t = t.getCause();
    }
    return false;
  }
}
