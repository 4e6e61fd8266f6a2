package io.github.safeconsumer.internal.core;

import java.util.ArrayDeque;
import java.util.Collections;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Describes exceptions that may misbehave themselves: a user's exception can throw from {@code
 * getMessage()}, return null where none is expected, be its own cause or carry megabytes of text.
 * Nothing here throws, and nothing returned is longer than its bound.
 *
 * <p>A message can hold data of the record; a class name and a frame cannot. So {@link #stack}
 * leaves all messages out and may be shown where {@link #message} and {@link #messages} may not.
 */
public final class SafeThrowables {
  /** Ends a text that was cut. */
  static final String CUT = "...";

  /**
   * Frames shown of each throwable: a chain of causes matters more than the depth of the outermost.
   */
  private static final int FRAMES_EACH = 24;

  private static final int THROWABLES = 64;

  private SafeThrowables() {}

  /** Its class name; empty for null. */
  public static String className(@Nullable Throwable t) {
    return t == null ? "" : t.getClass().getName();
  }

  /** Its own message, empty where it has none, cut to {@code maxChars}. */
  public static String message(@Nullable Throwable t, int maxChars) {
    if (t == null) {
      return "";
    }
    String text;
    try {
      text = t.getMessage();
    } catch (Throwable broken) {
      text = "(its getMessage() threw " + className(broken) + ")";
    }
    return text == null ? "" : cut(text, maxChars);
  }

  /** Its message and those of its causes that say something more, cut to {@code maxChars}. */
  public static String messages(@Nullable Throwable t, int maxChars) {
    StringBuilder text = new StringBuilder(message(t, maxChars));
    Set<Throwable> seen = identitySet();
    Throwable cause = t;
    while (cause != null
        && seen.add(cause)
        && seen.size() <= THROWABLES
        && text.length() < maxChars) {
      cause = causeOf(cause);
      String more = message(cause, maxChars);
      if (!more.isEmpty() && text.indexOf(more) < 0) {
        text.append(text.length() == 0 ? "" : "; ")
            .append("caused by ")
            .append(className(cause))
            .append(": ")
            .append(more);
      }
    }
    return cut(text.toString(), maxChars);
  }

  /**
   * Class names and frames of it, its causes and what they suppressed, without messages, cut to
   * {@code maxChars}.
   */
  public static String stack(@Nullable Throwable t, int maxChars) {
    StringBuilder text = new StringBuilder();
    Set<Throwable> seen = identitySet();
    Deque<Throwable> suppressed = new ArrayDeque<>();
    appendChain(text, "", t, seen, suppressed, maxChars);
    // Suppressed ones come last: when the text has to be cut, the causes are the better part.
    while (!suppressed.isEmpty() && text.length() < maxChars && seen.size() < THROWABLES) {
      appendChain(text, "Suppressed: ", suppressed.poll(), seen, suppressed, maxChars);
    }
    return cut(text.toString(), maxChars);
  }

  private static void appendChain(
      StringBuilder text,
      String label,
      @Nullable Throwable first,
      Set<Throwable> seen,
      Deque<Throwable> suppressed,
      int maxChars) {
    String prefix = label;
    Throwable t = first;
    // The set ends a cycle of causes, the length and the count end a chain that makes a new cause
    // each time it is asked.
    while (t != null && text.length() < maxChars && seen.size() < THROWABLES && seen.add(t)) {
      text.append(prefix).append(className(t)).append('\n');
      appendFrames(text, t, maxChars);
      for (Throwable s : t.getSuppressed()) {
        if (suppressed.size() < THROWABLES) {
          suppressed.add(s);
        }
      }
      t = causeOf(t);
      prefix = "Caused by: ";
    }
  }

  private static void appendFrames(StringBuilder text, Throwable t, int maxChars) {
    try {
      StackTraceElement[] frames = t.getStackTrace();
      int shown = Math.min(frames.length, FRAMES_EACH);
      for (int i = 0; i < shown && text.length() < maxChars; i++) {
        text.append("\tat ").append(frames[i]).append('\n');
      }
      if (shown < frames.length) {
        text.append("\t... ").append(frames.length - shown).append(" more\n");
      }
    } catch (Throwable broken) {
      text.append("\t(its getStackTrace() threw ").append(className(broken)).append(")\n");
    }
  }

  private static @Nullable Throwable causeOf(Throwable t) {
    try {
      return t.getCause();
    } catch (Throwable broken) {
      return null;
    }
  }

  private static Set<Throwable> identitySet() {
    // By identity: a user's exception may define equals() and hashCode(), and they may throw.
    return Collections.newSetFromMap(new IdentityHashMap<>());
  }

  private static String cut(String text, int maxChars) {
    if (text.length() <= maxChars) {
      return text;
    }
    int end = Math.max(0, maxChars - CUT.length());
    // Half a surrogate pair cannot be encoded.
    if (end > 0 && Character.isHighSurrogate(text.charAt(end - 1))) {
      end--;
    }
    return text.substring(0, end) + CUT.substring(0, Math.min(CUT.length(), Math.max(0, maxChars)));
  }
}
