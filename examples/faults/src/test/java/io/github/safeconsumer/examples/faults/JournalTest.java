package io.github.safeconsumer.examples.faults;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What members write is what is read, in whatever pieces it comes. */
class JournalTest {
  @TempDir Path directory;

  @Test
  void shouldReadWhatSeveralMembersWrote() {
    Path file = directory.resolve("journal");
    JournalReader reader = new JournalReader(file);
    assertThat(reader.more()).isEmpty();

    new JournalWriter(file, 1).attempt(Fact.Kind.BEGIN, new Place(2, 70));
    new JournalWriter(file, 2).assigned(List.of(new TopicPartition("t", 1)));

    List<Fact> facts = reader.more();
    assertThat(facts).extracting(Fact::member).containsExactly(1, 2);
    assertThat(facts.get(0).place()).isEqualTo(new Place(2, 70));
    assertThat(facts.get(1).partitions()).containsExactly(1);
    assertThat(reader.more()).as("nothing twice").isEmpty();
  }

  @Test
  void shouldLeaveALineThatHasNoEndYet() throws IOException {
    Path file = directory.resolve("journal");
    Files.writeString(file, "5 0 77 DONE 1 2\n6 0 77 DO");
    JournalReader reader = new JournalReader(file);
    assertThat(reader.more()).hasSize(1);

    Files.writeString(file, "NE 1 3\n", StandardOpenOption.APPEND);
    assertThat(reader.more()).extracting(Fact::place).containsExactly(new Place(1, 3));
  }
}
