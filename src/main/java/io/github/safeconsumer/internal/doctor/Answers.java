package io.github.safeconsumer.internal.doctor;

import io.github.safeconsumer.internal.core.SafeThrowables;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.GroupAuthorizationException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.TopicAuthorizationException;

/** What brokers answer, or why they do not. */
final class Answers {
  /** For one question, after which the client itself gives it up. */
  static final Duration TIME = Duration.ofSeconds(15);

  private static final Duration SLACK = Duration.ofSeconds(2);

  private Answers() {}

  /** A question that was not answered; the cause is what the broker or the client said. */
  static final class Unanswered extends Exception {
    private static final long serialVersionUID = 1L;

    Unanswered(Throwable why) {
      super(why);
    }

    Throwable why() {
      return getCause() == null ? this : getCause();
    }

    String name() {
      return SafeThrowables.className(why());
    }
  }

  static int millis() {
    return (int) TIME.toMillis();
  }

  static <T> T get(KafkaFuture<T> answer) throws Unanswered {
    try {
      return answer.get(TIME.plus(SLACK).toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      throw new InterruptException(e);
    } catch (ExecutionException e) {
      throw new Unanswered(e.getCause() == null ? e : e.getCause());
    } catch (java.util.concurrent.TimeoutException e) {
      throw new Unanswered(e);
    }
  }

  /** The end of a look: what could not be done, why, and the remedy. */
  static KafkaException failed(String what, String group, Unanswered e) {
    Throwable why = e.why();
    return new KafkaException(what + ": " + e.name() + remedy(group, why), why);
  }

  private static String remedy(String group, Throwable why) {
    if (why instanceof GroupAuthorizationException) {
      return "; grant DESCRIBE on group " + group + " to who looks";
    }
    if (why instanceof TopicAuthorizationException) {
      return "; grant DESCRIBE on the topics of group " + group + " to who looks";
    }
    if (why instanceof AuthorizationException) {
      return "; grant DESCRIBE on the group and its topics to who looks";
    }
    if (why instanceof AuthenticationException) {
      return "; check user, password and certificates in the Kafka settings";
    }
    if (why instanceof TimeoutException || why instanceof java.util.concurrent.TimeoutException) {
      return "; check bootstrap.servers, that the addresses which brokers advertise can be reached"
          + " from here, and security.protocol";
    }
    return "";
  }
}
