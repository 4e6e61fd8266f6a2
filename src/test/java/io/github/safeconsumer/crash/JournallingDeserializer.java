package io.github.safeconsumer.crash;

import java.nio.charset.StandardCharsets;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.serialization.Deserializer;

/** Strings, but for records whose {@link Fault} shows before any handler sees them. */
final class JournallingDeserializer implements Deserializer<String> {
  /** Begins the note about bytes that were refused. */
  static final String REFUSED = "refused ";

  private final String member;
  private final SharedJournal journal;

  JournallingDeserializer(String member, SharedJournal journal) {
    this.member = member;
    this.journal = journal;
  }

  @Override
  public String deserialize(String topic, byte[] data) {
    String text = new String(data, StandardCharsets.UTF_8);
    Fault fault = Task.parse(text).fault();
    if (fault == Fault.HALT_IN_DESERIALIZER) {
      journal.write(new Fact.Dying(member, Fact.NOWHERE));
      fault.kill();
    } else if (fault == Fault.UNREADABLE) {
      journal.write(new Fact.Noted(member, REFUSED + text));
      throw new SerializationException("told to be unreadable");
    }
    return text;
  }
}
