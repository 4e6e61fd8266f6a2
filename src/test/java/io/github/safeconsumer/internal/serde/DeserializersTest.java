package io.github.safeconsumer.internal.serde;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.MAP;
import static org.awaitility.Awaitility.await;

import io.github.safeconsumer.JsonDeserializer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.config.ConfigData;
import org.apache.kafka.common.config.provider.ConfigProvider;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class DeserializersTest {
  /** The common pool has a single thread on two cores, and these tests need two. */
  private static final Executor THREAD_EACH = task -> new Thread(task, "deserializing").start();

  private static final Headers NO_HEADERS = new RecordHeaders();
  private static final Map<String, Object> KAFKA = Map.of("own.setting", "x");
  private static final List<Recording> CREATED = new ArrayList<>();

  @BeforeEach
  void forgetOthers() {
    CREATED.clear();
  }

  /** Remembers what was done to it. */
  public static class Recording extends StringDeserializer {
    final List<Object> configured = new ArrayList<>();
    int closed;

    public Recording() {
      CREATED.add(this);
    }

    @Override
    public void configure(Map<String, ?> configs, boolean isKey) {
      configured.add(Map.copyOf(configs));
      configured.add(isKey);
    }

    @Override
    public void close() {
      closed++;
    }
  }

  /** Refuses its settings. */
  public static final class Fussy extends Recording {
    @Override
    public void configure(Map<String, ?> configs, boolean isKey) {
      throw new IllegalArgumentException("no");
    }
  }

  @Test
  void shouldNotUseASharedInstanceByTwoThreadsAtOnceNotEvenAsKeyAndValue() {
    CountDownLatch entered = new CountDownLatch(1);
    CountDownLatch leave = new CountDownLatch(1);
    AtomicInteger calls = new AtomicInteger();
    Deserializer<String> notThreadSafe =
        (topic, data) -> {
          calls.incrementAndGet();
          entered.countDown();
          assertThat(uninterruptibly(leave)).isTrue();
          return topic;
        };
    ReentrantLock lock = new ReentrantLock();
    Deserializer<String> key = Deserializers.<String>shared(notThreadSafe, lock).open(KAFKA, true);
    Deserializer<String> value =
        Deserializers.<String>shared(notThreadSafe, lock).open(KAFKA, false);

    CompletableFuture<String> first =
        CompletableFuture.supplyAsync(
            () -> key.deserialize("t", NO_HEADERS, new byte[1]), THREAD_EACH);
    assertThat(uninterruptibly(entered)).isTrue();
    CompletableFuture<String> second =
        CompletableFuture.supplyAsync(
            () -> value.deserialize("t", NO_HEADERS, new byte[1]), THREAD_EACH);
    await().until(lock::hasQueuedThreads);
    assertThat(calls).hasValue(1);
    leave.countDown();

    assertThat(first.join()).isEqualTo("t");
    assertThat(second.join()).isEqualTo("t");
    assertThat(calls).hasValue(2);
  }

  private static boolean uninterruptibly(CountDownLatch latch) {
    try {
      return latch.await(10, TimeUnit.SECONDS);
    } catch (InterruptedException interrupted) {
      throw new AssertionError(interrupted);
    }
  }

  @Test
  void shouldReleaseTheLockWhenTheInstanceThrows() {
    ReentrantLock lock = new ReentrantLock();
    Deserializer<String> fails =
        (topic, data) -> {
          throw new IllegalStateException("boom");
        };
    Deserializer<String> shared = Deserializers.shared(fails, lock).open(KAFKA, false);

    assertThatThrownBy(() -> shared.deserialize("t", new byte[1])).hasMessage("boom");

    assertThat(lock.isLocked()).isFalse();
  }

  @Test
  void shouldNotLockWhatIsThreadSafe() {
    Lock mustNotBeTaken =
        new ReentrantLock() {
          private static final long serialVersionUID = 1L;

          @Override
          public void lock() {
            throw new AssertionError("locked");
          }
        };

    for (Deserializer<?> threadSafe :
        List.of(
            new StringDeserializer(),
            new ByteArrayDeserializer(),
            JsonDeserializer.of(Integer.class))) {
      Deserializer<Object> opened =
          Deserializers.<Object>shared(threadSafe, mustNotBeTaken).open(KAFKA, false);
      assertThat(opened.deserialize("t", NO_HEADERS, Raw.bytes("7"))).isNotNull();
    }
  }

  @Test
  void shouldNeitherConfigureNorCloseTheUsersInstance() {
    Recording mine = new Recording();

    Deserializers.shared(mine, new ReentrantLock()).open(KAFKA, true).close();

    assertThat(mine.configured).isEmpty();
    assertThat(mine.closed).isZero();
  }

  @Test
  void shouldAskTheSupplierForEachWorkerAndNotConfigure() {
    DeserializerSource<String> source = Deserializers.supplied(Recording::new);

    Deserializer<String> one = source.open(KAFKA, true);
    Deserializer<String> other = source.open(KAFKA, true);
    one.close();

    assertThat(one).isNotSameAs(other);
    assertThat(CREATED).allSatisfy(created -> assertThat(created.configured).isEmpty());
    assertThat(CREATED).extracting(created -> created.closed).containsExactly(1, 0);
  }

  @Test
  void shouldRefuseASupplierThatHandsOutOneInstanceTwice() {
    Recording same = new Recording();
    DeserializerSource<String> source = Deserializers.supplied(() -> same);
    source.open(KAFKA, false);

    assertThatThrownBy(() -> source.open(KAFKA, false))
        .isInstanceOf(KafkaException.class)
        .hasMessageStartingWith("value.deserializer: the supplier returned the same ")
        .hasMessageContaining(Recording.class.getName());
  }

  @Test
  void shouldLetASupplierShareWhatIsThreadSafe() {
    JsonDeserializer<Integer> same = JsonDeserializer.of(Integer.class);
    DeserializerSource<Integer> source = Deserializers.supplied(() -> same);
    source.open(KAFKA, false);

    assertThatCode(() -> source.open(KAFKA, false)).doesNotThrowAnyException();
  }

  @Test
  void shouldRefuseASupplierThatReturnsNull() {
    DeserializerSource<String> source = Deserializers.supplied(() -> null);

    assertThatThrownBy(() -> source.open(KAFKA, true))
        .isInstanceOf(KafkaException.class)
        .hasMessageContaining("key.deserializer");
  }

  @Test
  void shouldCreateAndConfigureANamedClassForEachWorkerAndNotBefore() {
    DeserializerSource<String> source = Deserializers.named(Recording.class);
    assertThat(CREATED).isEmpty();

    source.open(KAFKA, true);
    source.open(KAFKA, false);

    assertThat(CREATED)
        .extracting(created -> created.configured)
        .containsExactly(List.of(KAFKA, true), List.of(KAFKA, false));
  }

  /** Knows one secret. */
  public static final class Vault implements ConfigProvider {
    @Override
    public ConfigData get(String path) {
      return get(path, Set.of());
    }

    @Override
    public ConfigData get(String path, Set<String> keys) {
      return new ConfigData(Map.of("password", "known only at run time"));
    }

    @Override
    public void configure(Map<String, ?> configs) {}

    @Override
    public void close() {}
  }

  @Test
  void shouldResolveConfigProvidersForANamedClassAsKafkaDoes() {
    Map<String, Object> indirect =
        Map.of(
            "config.providers",
            "vault",
            "config.providers.vault.class",
            Vault.class.getName(),
            "registry.password",
            "${vault:x:password}");

    Deserializers.<String>named(Recording.class).open(indirect, false);

    assertThat(CREATED.get(0).configured.get(0))
        .asInstanceOf(MAP)
        .containsEntry("registry.password", "known only at run time");
  }

  @Test
  void shouldCloseANamedClassThatCannotBeConfiguredAndSayWhich() {
    DeserializerSource<String> source = Deserializers.named(Fussy.class);

    assertThatThrownBy(() -> source.open(KAFKA, false))
        .isInstanceOf(KafkaException.class)
        .hasMessage(
            "value.deserializer " + Fussy.class.getName() + " could not be created and configured")
        .hasCauseInstanceOf(IllegalArgumentException.class);
    assertThat(CREATED).extracting(created -> created.closed).containsExactly(1);
  }
}
