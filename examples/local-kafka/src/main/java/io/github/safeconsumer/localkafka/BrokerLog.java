package io.github.safeconsumer.localkafka;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** What a node has printed, over all its runs. */
final class BrokerLog {
  private static final int TAIL_CHARACTERS = 4_000;

  private final Path file;

  BrokerLog(Path file) {
    this.file = file;
  }

  Path file() {
    return file;
  }

  String all() {
    return since(0);
  }

  String tail() {
    String all = all();
    return all.substring(Math.max(0, all.length() - TAIL_CHARACTERS));
  }

  /** The number of bytes so far, which marks where the next run begins. */
  int size() {
    return read().length;
  }

  String since(int mark) {
    byte[] bytes = read();
    return new String(bytes, mark, bytes.length - mark, StandardCharsets.UTF_8);
  }

  private byte[] read() {
    try {
      return Files.exists(file) ? Files.readAllBytes(file) : new byte[0];
    } catch (IOException e) {
      throw new UncheckedIOException("could not read " + file, e);
    }
  }
}
