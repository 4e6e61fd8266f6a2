package io.github.safeconsumer.examples.faults;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Collection;
import java.util.List;
import org.apache.kafka.common.TopicPartition;

/**
 * Where a member writes down what it does. All members of a group append to one file; each line is
 * one write of its own, so it is there whatever becomes of the process, and stays in one piece.
 */
final class JournalWriter {
  private final FileChannel file;
  private final int member;
  private final long pid = ProcessHandle.current().pid();

  JournalWriter(Path path, int member) {
    this.member = member;
    try {
      file = FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  void assigned(Collection<TopicPartition> partitions) {
    List<Long> numbers = partitions.stream().map(p -> (long) p.partition()).sorted().toList();
    write(new Fact(System.currentTimeMillis(), member, pid, Fact.Kind.ASSIGNED, numbers));
  }

  void attempt(Fact.Kind kind, Place place) {
    write(Fact.attempt(System.currentTimeMillis(), member, pid, kind, place));
  }

  private synchronized void write(Fact fact) {
    ByteBuffer line = ByteBuffer.wrap((fact.toLine() + "\n").getBytes(StandardCharsets.UTF_8));
    try {
      file.write(line);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    if (line.hasRemaining()) {
      throw new IllegalStateException("a line of the journal was cut");
    }
  }
}
