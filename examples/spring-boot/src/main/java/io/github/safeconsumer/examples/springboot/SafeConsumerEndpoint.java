package io.github.safeconsumer.examples.springboot;

import io.github.safeconsumer.Cause;
import io.github.safeconsumer.SafeConsumer;
import java.util.List;
import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.annotation.Selector;
import org.springframework.stereotype.Component;

/**
 * {@code /actuator/safeconsumer} is the status, {@code /actuator/safeconsumer/diagnosis} says why
 * lag grows. Neither holds a key or a value.
 */
@Component
@Endpoint(id = "safeconsumer")
public class SafeConsumerEndpoint {
  private final SafeConsumer<?, ?> consumer;

  SafeConsumerEndpoint(SafeConsumer<?, ?> consumer) {
    this.consumer = consumer;
  }

  @ReadOperation(produces = "application/json")
  public String status() {
    return consumer.status().toJson();
  }

  /** Null is 404. */
  @ReadOperation
  public List<Cause> diagnosis(@Selector String name) {
    return name.equals("diagnosis") ? consumer.diagnose() : null;
  }
}
