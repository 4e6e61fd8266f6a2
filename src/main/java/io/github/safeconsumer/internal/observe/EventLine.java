package io.github.safeconsumer.internal.observe;

import io.github.safeconsumer.Alert;
import io.github.safeconsumer.SafeConsumerEvent;
import java.lang.reflect.RecordComponent;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * An event as one log line of key=value pairs: {@code event=Blocked record=orders-3@42 reason="..."
 * remedy="..."}. The time is the log's own.
 */
public final class EventLine {
  private static final Set<String> ELSEWHERE = Set.of("at", "partition", "offset");
  private static final int FRAMES_SHOWN = 8;

  private EventLine() {}

  /** The line; of an event of a foreign kind, its own text. */
  public static String of(SafeConsumerEvent event) {
    if (!event.getClass().isRecord()) {
      return event.toString();
    }
    StringBuilder line = new StringBuilder("event=").append(event.getClass().getSimpleName());
    Object partition = value(event, "partition");
    Object offset = value(event, "offset");
    if (partition != null) {
      line.append(offset == null ? " partition=" : " record=").append(partition);
      if (offset != null) {
        line.append('@').append(offset);
      }
    }
    for (RecordComponent component : event.getClass().getRecordComponents()) {
      if (read(event, component) instanceof Alert alert) {
        append(line.append(" alert="), alert.name());
        append(line.append(" subject="), alert.subject());
        append(line.append(" since="), alert.since());
        append(line.append(" evidence="), alert.evidence());
      } else if (!ELSEWHERE.contains(component.getName())) {
        line.append(' ').append(component.getName()).append('=');
        append(line, read(event, component));
      }
    }
    return line.toString();
  }

  private static void append(StringBuilder line, @Nullable Object value) {
    if (value instanceof List<?> stack) {
      value =
          stack.stream()
              .limit(FRAMES_SHOWN)
              .map(String::valueOf)
              .collect(Collectors.joining(" < "));
    }
    String text = String.valueOf(value);
    boolean quoted = text.isEmpty() || text.indexOf(' ') >= 0;
    line.append(quoted ? "\"" : "").append(text.replace('"', '\'')).append(quoted ? "\"" : "");
  }

  private static @Nullable Object value(SafeConsumerEvent event, String name) {
    for (RecordComponent component : event.getClass().getRecordComponents()) {
      if (component.getName().equals(name)) {
        return read(event, component);
      }
    }
    return null;
  }

  private static @Nullable Object read(SafeConsumerEvent event, RecordComponent component) {
    try {
      return component.getAccessor().invoke(event);
    } catch (ReflectiveOperationException impossible) { // the events' accessors are public
      return "?";
    }
  }
}
