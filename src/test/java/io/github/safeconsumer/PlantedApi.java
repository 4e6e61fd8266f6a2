package io.github.safeconsumer;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.safeconsumer.internal.shell.PlantedShell;
import io.github.safeconsumer.micrometer.SafeConsumerMetrics;
import io.github.safeconsumer.testing.HandlerTestDriver;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.utils.Time;
import org.junit.jupiter.api.Test;

/** Classes of the API that break a rule each, by which the rules prove that they see it. */
public final class PlantedApi {
  private PlantedApi() {}

  /** Outside of the shell. */
  public record HoldsKafkaConsumer(KafkaConsumer<byte[], byte[]> consumer) {}

  /** Not in a class whose name says so. */
  public record UsesJackson(ObjectMapper mapper) {}

  /** Outside of a test. */
  public record NeedsTheTestDriver(HandlerTestDriver<?, ?> driver) {}

  /** Outside of its package: Micrometer may be missing. */
  public record NeedsTheMicrometerBinder(SafeConsumerMetrics metrics) {}

  /** Which no embedder has. */
  public record UsesWhatEmbeddersLack(Test test) {}

  /** Which move between versions of the client. */
  public record UsesKafkaUtils(Time time) {}

  /** Through an overload, to be sure that all are seen. */
  public static final class Sleeps {
    void sleep() throws InterruptedException {
      Thread.sleep(1, 1);
    }
  }

  /** Deep in a generic type. */
  public interface ShowsInternals {
    Optional<List<PlantedShell>> shells();
  }
}
