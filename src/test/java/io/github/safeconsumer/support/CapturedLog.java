package io.github.safeconsumer.support;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.AppenderBase;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;
import org.slf4j.LoggerFactory;

/**
 * What the library and the Kafka clients log while it is open, down to the library's DEBUG and the
 * clients' INFO, stack traces included. Meanwhile it does not reach the console.
 */
public final class CapturedLog implements AutoCloseable {
  private static final String LIBRARY = "io.github.safeconsumer";
  private static final String CLIENTS = "org.apache.kafka";

  private final List<ILoggingEvent> events = new CopyOnWriteArrayList<>();
  private final AppenderBase<ILoggingEvent> appender =
      new AppenderBase<>() {
        @Override
        protected void append(ILoggingEvent event) {
          event.prepareForDeferredProcessing();
          events.add(event);
        }
      };
  private final List<Taken> taken;

  /** Begins to capture. */
  public CapturedLog() {
    appender.start();
    taken = List.of(take(LIBRARY, Level.DEBUG), take(CLIENTS, Level.INFO));
  }

  private Taken take(String name, Level level) {
    Logger logger = (Logger) LoggerFactory.getLogger(name);
    Taken before = new Taken(logger, logger.getLevel(), logger.isAdditive());
    logger.setLevel(level);
    logger.setAdditive(false);
    logger.addAppender(appender);
    return before;
  }

  /** All lines, with their stack traces. */
  public List<String> lines() {
    return events.stream().map(CapturedLog::line).toList();
  }

  /** The library's own lines of WARN and above. */
  public List<String> warnings() {
    return events.stream()
        .filter(
            e -> e.getLoggerName().startsWith(LIBRARY) && e.getLevel().isGreaterOrEqual(Level.WARN))
        .map(CapturedLog::line)
        .toList();
  }

  private static String line(ILoggingEvent event) {
    return event.getLevel()
        + " "
        + event.getLoggerName()
        + " "
        + event.getFormattedMessage()
        + (event.getThrowableProxy() == null
            ? ""
            : "\n" + ThrowableProxyUtil.asString(event.getThrowableProxy()));
  }

  @Override
  public void close() {
    taken.forEach(
        before -> {
          before.logger().detachAppender(appender);
          before.logger().setLevel(before.level());
          before.logger().setAdditive(before.additive());
        });
    appender.stop();
  }

  @Override
  public String toString() {
    return lines().stream().collect(Collectors.joining("\n"));
  }

  private record Taken(Logger logger, Level level, boolean additive) {}
}
