package io.github.safeconsumer.examples.longjobs;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.safeconsumer.localkafka.Sandbox;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Each step once, over a close in the middle; and the broker knows all of them as done. */
@Timeout(240)
class LongJobsTest {
  @Test
  void shouldGoOnWhereTheJobWasCutOff() throws Exception {
    ByteArrayOutputStream shown = new ByteArrayOutputStream();
    try (Sandbox sandbox = Sandbox.start()) {
      Staging staging = new Staging(sandbox, new PrintStream(shown, true, UTF_8));
      assertThat(staging.run()).as(shown.toString(UTF_8)).isTrue();

      assertThat(staging.work().steps("job-longest"))
          .containsExactlyElementsOf(IntStream.rangeClosed(1, 45).boxed().toList());
      assertThat(sandbox.committed(LongJobs.GROUP, LongJobs.TOPIC).values())
          .satisfies(
              offsets -> assertThat(offsets.stream().mapToLong(one -> one).sum()).isEqualTo(4));
      assertThat(sandbox.read(LongJobs.DEAD_LETTERS, 1))
          .extracting(ConsumerRecord::key)
          .containsExactly(SimulatedWork.HANGING);
    }
  }

  @Test
  void shouldRefuseTheCheckpointOfAMemberThatLostTheJob(@TempDir Path directory) throws Exception {
    Checkpoints checkpoints = new Checkpoints(directory);
    checkpoints.save("job", 7, 3);
    checkpoints.save("job", 8, 4);
    assertThatThrownBy(() -> checkpoints.save("job", 8, 3)).hasMessageContaining("another member");
    assertThat(checkpoints.lastStep("job")).isEqualTo(8);
  }
}
