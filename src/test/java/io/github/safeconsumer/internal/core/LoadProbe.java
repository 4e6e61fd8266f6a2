package io.github.safeconsumer.internal.core;

import java.util.List;

/** A look at what is admitted, cheap enough to be taken at every start of a record. */
public final class LoadProbe {
  private final Admission admission;
  private final List<String> topics;

  public LoadProbe(Admission admission, List<String> topics) {
    this.admission = admission;
    this.topics = List.copyOf(topics);
  }

  /** Is told of each topic. */
  @FunctionalInterface
  public interface Sink {
    /**
     * What is known of one topic.
     *
     * @param admitted records handed to lanes that can run, and not done
     * @param perWorker records that one worker does within the window, as is assumed now
     */
    void topic(String topic, int admitted, int perWorker);
  }

  /** Shows all topics. */
  public void look(Sink sink) {
    for (String topic : topics) {
      TopicLoad load = admission.topic(topic);
      sink.topic(topic, load.admitted, admission.perWorker(load));
    }
  }
}
