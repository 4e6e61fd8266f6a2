package io.github.safeconsumer.internal.shell;

import io.github.safeconsumer.RecordContext;
import io.github.safeconsumer.RecordHandler;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** A handler whose attempts end when a stage completes, not when a call returns. */
public final class AsyncHandler<K, V> extends RecordHandler<K, V> {
  private final HandleAsync<K, V> handle;

  @SuppressWarnings("unchecked") // a consumer of ? super K accepts every record of K
  public AsyncHandler(HandleAsync<? super K, ? super V> handle) {
    this.handle = (HandleAsync<K, V>) handle;
  }

  /** Begins an attempt. */
  CompletionStage<?> begin(ConsumerRecord<K, V> record, RecordContext context) throws Exception {
    CompletionStage<?> stage = handle.handle(record, context);
    if (stage == null) {
      throw new NullPointerException(
          "the asynchronous handler returned null: return a stage that completes when the record is done");
    }
    return stage;
  }

  /** For whoever calls the handler by himself: waits for the stage. */
  @Override
  public void handle(ConsumerRecord<K, V> record, RecordContext context) throws Exception {
    begin(record, context).toCompletableFuture().get();
  }
}
