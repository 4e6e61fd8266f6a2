package io.github.safeconsumer.internal.core;

import io.github.safeconsumer.FailureAction;
import io.github.safeconsumer.HandlerTimeoutException;
import io.github.safeconsumer.NonRetryableException;
import io.github.safeconsumer.RetryPolicy;
import java.io.CharConversionException;
import java.io.EOFException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.ObjectStreamException;
import java.io.UTFDataFormatException;
import java.net.MalformedURLException;
import java.nio.channels.ClosedChannelException;
import java.nio.charset.CharacterCodingException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.zip.ZipException;
import org.apache.kafka.common.errors.RetriableException;
import org.jspecify.annotations.Nullable;

/**
 * What a failure means where the handler itself does not say: the rules of the {@link RetryPolicy},
 * the last given first, then the defaults. Pure, thread-safe.
 *
 * <p>By default an {@link IOException} means that a downstream is at fault, but not the many
 * IOExceptions that say "these bytes are malformed" (JSON, protobuf, character sets, a truncated
 * stream): those are the record's own fault. In a deserializer, where nearly every IOException is
 * of that second kind, only network failures and time-outs count as an outage.
 */
public final class FailureClassifier {
  private static final int LONGEST_CHAIN = 32;

  /**
   * Types of libraries and modules that may be absent, so matched by name over the class and its
   * superclasses.
   */
  private static final Set<String> OUTAGES_BY_NAME =
      Set.of(
          "java.sql.SQLTransientException",
          "java.sql.SQLRecoverableException",
          "org.springframework.dao.TransientDataAccessException");

  private static final Set<String> MALFORMED_BY_NAME =
      Set.of(
          "com.fasterxml.jackson.core.JacksonException",
          "com.fasterxml.jackson.core.JsonProcessingException",
          "com.google.protobuf.InvalidProtocolBufferException",
          "org.apache.avro.InvalidNumberEncodingException");

  private final RetryPolicy policy;

  public FailureClassifier(RetryPolicy policy) {
    this.policy = policy;
  }

  /** Peels off what executors and futures wrap around a failure. */
  public static Throwable unwrap(Throwable failure) {
    Throwable inner = failure;
    for (int i = 0;
        i < LONGEST_CHAIN
            && (inner instanceof ExecutionException || inner instanceof CompletionException);
        i++) {
      Throwable cause = causeOf(inner);
      if (cause == null) {
        break;
      }
      inner = cause;
    }
    return inner;
  }

  /**
   * @param failure unwrapped
   * @param deserializing true when the record's bytes could not be read
   */
  public FailureAction classify(Throwable failure, boolean deserializing) {
    List<Throwable> chain = chain(failure);
    List<RetryPolicy.Rule> rules = policy.rules();
    for (int i = rules.size() - 1; i >= 0; i--) {
      if (matches(rules.get(i), failure, chain) && isMeant(rules.get(i), failure)) {
        return rules.get(i).action();
      }
    }
    if (failure instanceof HandlerTimeoutException) {
      return FailureAction.DEAD_LETTER;
    }
    if (deserializing) {
      return chain.stream().anyMatch(FailureClassifier::isNetworkFailure)
          ? FailureAction.OUTAGE
          : FailureAction.DEAD_LETTER;
    }
    if (failure instanceof ClassCastException
        || chain.stream().anyMatch(NonRetryableException.class::isInstance)) {
      return FailureAction.DEAD_LETTER;
    }
    return chain.stream().anyMatch(FailureClassifier::isOutage)
        ? FailureAction.OUTAGE
        : FailureAction.RETRY;
  }

  /**
   * The next attempt can overlap one that hangs, so it takes a rule that speaks of just that: one
   * for all RuntimeExceptions does not.
   */
  private static boolean isMeant(RetryPolicy.Rule rule, Throwable failure) {
    return !(failure instanceof HandlerTimeoutException)
        || (rule.action() != FailureAction.RETRY && rule.action() != FailureAction.OUTAGE)
        || rule.when() != null
        || rule.types().contains(HandlerTimeoutException.class);
  }

  private static boolean matches(RetryPolicy.Rule rule, Throwable failure, List<Throwable> chain) {
    if (rule.when() == null) {
      return chain.stream()
          .anyMatch(t -> rule.types().stream().anyMatch(type -> type.isInstance(t)));
    }
    try {
      return rule.when().test(failure);
    } catch (Throwable thrown) { // a broken predicate must not decide, nor stop the lane
      return false;
    }
  }

  private static boolean isOutage(Throwable t) {
    return isNetworkFailure(t) || (t instanceof IOException && !isMalformedData(t));
  }

  private static boolean isNetworkFailure(Throwable t) {
    return t instanceof TimeoutException
        || t instanceof RetriableException
        || t instanceof InterruptedIOException
        || t instanceof ClosedChannelException
        || (t instanceof IOException
            && !(t instanceof MalformedURLException)
            && isOfPackage(t, "java.net.", "javax.net."))
        || isNamed(t, OUTAGES_BY_NAME);
  }

  private static boolean isMalformedData(Throwable t) {
    return t instanceof CharacterCodingException
        || t instanceof CharConversionException
        || t instanceof ObjectStreamException
        || t instanceof UTFDataFormatException
        || t instanceof EOFException
        || t instanceof MalformedURLException
        || t instanceof ZipException
        || isNamed(t, MALFORMED_BY_NAME);
  }

  private static boolean isOfPackage(Throwable t, String... prefixes) {
    for (Class<?> type = t.getClass(); type != null; type = type.getSuperclass()) {
      for (String prefix : prefixes) {
        if (type.getName().startsWith(prefix)) {
          return true;
        }
      }
    }
    return false;
  }

  private static boolean isNamed(Throwable t, Set<String> names) {
    for (Class<?> type = t.getClass(); type != null; type = type.getSuperclass()) {
      if (names.contains(type.getName())) {
        return true;
      }
    }
    return false;
  }

  /** The failure and its causes, bounded: chains can be cyclic, and getCause can throw. */
  public static List<Throwable> chain(Throwable failure) {
    List<Throwable> chain = new ArrayList<>();
    Set<Throwable> seen = Collections.newSetFromMap(new IdentityHashMap<>()); // equals() can throw
    for (Throwable t = failure;
        t != null && chain.size() < LONGEST_CHAIN && seen.add(t);
        t = causeOf(t)) {
      chain.add(t);
    }
    return chain;
  }

  private static @Nullable Throwable causeOf(Throwable t) {
    try {
      return t.getCause();
    } catch (Throwable thrown) { // a broken exception is still a failure of its record
      return null;
    }
  }
}
