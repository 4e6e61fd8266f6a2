package io.github.safeconsumer.internal.deadletter;

import io.github.safeconsumer.Preflight;
import io.github.safeconsumer.internal.config.Settings;
import java.util.List;
import org.apache.kafka.clients.admin.Admin;

public final class DeadLetterTopicCheck {
  private DeadLetterTopicCheck() {}

  public static List<Preflight.Finding> check(Admin admin, Settings<?, ?> settings) {
    return List.of();
  }
}
