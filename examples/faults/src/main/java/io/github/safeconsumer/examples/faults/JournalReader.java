package io.github.safeconsumer.examples.faults;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Reads a journal while it is written. */
final class JournalReader {
  private final Path path;
  private long position;

  JournalReader(Path path) {
    this.path = path;
  }

  /** What was added since the last call. A line without its end is left for the next one. */
  List<Fact> more() {
    if (!Files.exists(path)) {
      return List.of();
    }
    try (FileChannel file = FileChannel.open(path)) {
      ByteBuffer bytes = ByteBuffer.allocate(Math.toIntExact(file.size() - position));
      file.read(bytes, position);
      String text = new String(bytes.array(), 0, bytes.position(), StandardCharsets.UTF_8);
      int end = text.lastIndexOf('\n') + 1;
      position += end; // the journal is plain ASCII
      return text.substring(0, end).lines().map(Fact::parse).toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
