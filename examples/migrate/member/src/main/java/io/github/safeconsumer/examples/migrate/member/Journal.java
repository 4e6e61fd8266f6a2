package io.github.safeconsumer.examples.migrate.member;

import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** The work, and the file that says what was done: it outlives the process. */
public final class Journal {
  private static final long WORK_MILLIS = 3;
  private static final long SLOW_MILLIS = 40;
  private static final int ONE_SLOW_IN = 50;

  private final FileOutputStream file;

  public Journal(String path) throws IOException {
    file = new FileOutputStream(path, true);
  }

  /** The sleep is the simulated work; some records take longer, so others are done ahead. */
  public void handle(ConsumerRecord<?, ?> record) {
    try {
      Thread.sleep(record.offset() % ONE_SLOW_IN == 0 ? SLOW_MILLIS : WORK_MILLIS);
      byte[] line =
          (record.partition() + " " + record.offset() + "\n").getBytes(StandardCharsets.UTF_8);
      synchronized (this) {
        file.write(line); // in one piece
      }
    } catch (InterruptedException cutOff) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("cut off", cutOff);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }
}
