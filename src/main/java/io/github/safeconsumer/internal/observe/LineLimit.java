package io.github.safeconsumer.internal.observe;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Keeps a storm of one kind of event from filling the log: of each kind the first lines of a minute
 * are written, the others are counted and told in one line when the minute is over. Thread-safe.
 */
public final class LineLimit {
  /** Lines of one kind that are written in a minute. */
  public static final int LINES = 20;

  private static final long MINUTE = TimeUnit.MINUTES.toNanos(1);

  private static final class Minute {
    private final long begun;
    private long lines;

    Minute(long begun) {
      this.begun = begun;
    }
  }

  /** So many lines of a kind were left out, within a minute. */
  public record LeftOut(String kind, long lines) {}

  private final Map<String, Minute> minutes = new LinkedHashMap<>();

  /**
   * Whether a line may be written now.
   *
   * @param kind few of them: each is remembered for a minute
   */
  public synchronized boolean mayWrite(String kind, long nowNanos) {
    return ++minutes.computeIfAbsent(kind, first -> new Minute(nowNanos)).lines <= LINES;
  }

  /** What was left out in minutes that are over. To be asked about once a second. */
  public synchronized List<LeftOut> over(long nowNanos) {
    return end(nowNanos - MINUTE);
  }

  /** What was left out, whether its minute is over or not. */
  public synchronized List<LeftOut> atEnd() {
    return end(Long.MAX_VALUE);
  }

  private List<LeftOut> end(long begunBefore) {
    List<LeftOut> leftOut = new ArrayList<>();
    Iterator<Map.Entry<String, Minute>> all = minutes.entrySet().iterator();
    while (all.hasNext()) {
      Map.Entry<String, Minute> one = all.next();
      if (begunBefore == Long.MAX_VALUE || one.getValue().begun - begunBefore <= 0) {
        all.remove();
        if (one.getValue().lines > LINES) {
          leftOut.add(new LeftOut(one.getKey(), one.getValue().lines - LINES));
        }
      }
    }
    return leftOut;
  }
}
