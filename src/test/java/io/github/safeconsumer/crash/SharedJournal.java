package io.github.safeconsumer.crash;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.nio.file.StandardOpenOption.APPEND;
import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.WRITE;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Consumer;

/**
 * One file that several processes append to, so that its lines have one order over all of them: a
 * fact that another one follows from stands before it, without any clock.
 *
 * <p>Each fact is one append by one system call, so what was written survives a kill -9 of its
 * writer (not a loss of power). A kill in the midst of an append may leave the beginning of a line:
 * that fact did not happen, since its writer went no further. Thread-safe.
 */
public final class SharedJournal implements AutoCloseable {
  private static final char END = ';';

  private final Path file;
  private final FileChannel channel;

  public SharedJournal(Path file) {
    this.file = file;
    try {
      this.channel = FileChannel.open(file, CREATE, WRITE, APPEND);
    } catch (IOException e) {
      throw new UncheckedIOException("no journal at " + file, e);
    }
  }

  /** Appends; when it returns, the fact outlives this process. */
  public void write(Fact fact) {
    // The leading end of line keeps a line that was cut off from swallowing this one.
    ByteBuffer bytes = ByteBuffer.wrap(("\n" + fact.line() + END).getBytes(UTF_8));
    try {
      int length = bytes.remaining();
      if (channel.write(bytes) != length) {
        throw new IOException("written only in part");
      }
    } catch (IOException e) {
      throw new UncheckedIOException("could not append to the journal", e);
    }
  }

  /** How many bytes there are: a measure of progress. */
  public long size() {
    try {
      return Files.size(file);
    } catch (IOException e) {
      throw new UncheckedIOException("could not look at the journal", e);
    }
  }

  /**
   * Reads all that is there, in order.
   *
   * @return how many lines were cut off by a kill
   */
  public int read(Consumer<Fact> reader) {
    int torn = 0;
    try (BufferedReader lines = Files.newBufferedReader(file, UTF_8)) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        if (line.isEmpty()) {
          continue;
        }
        if (line.charAt(line.length() - 1) == END) {
          reader.accept(Fact.parse(line.substring(0, line.length() - 1)));
        } else {
          torn++;
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException("could not read the journal", e);
    }
    return torn;
  }

  @Override
  public void close() {
    try {
      channel.close();
    } catch (IOException e) {
      throw new UncheckedIOException("could not close the journal", e);
    }
  }
}
