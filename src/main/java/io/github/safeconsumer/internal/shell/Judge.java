package io.github.safeconsumer.internal.shell;

import io.github.safeconsumer.FailureAction;
import io.github.safeconsumer.Handler;
import io.github.safeconsumer.SafeConsumerEvent;
import io.github.safeconsumer.internal.core.FailureClassifier;
import io.github.safeconsumer.internal.core.SafeThrowables;

/** What a failure means: the handler's own opinion first, then the policy. Runs user code. */
final class Judge {
  private final Handler handler;
  private final FailureClassifier classifier;
  private final Events events;

  Judge(Handler handler, FailureClassifier classifier, Events events) {
    this.handler = handler;
    this.classifier = classifier;
    this.events = events;
  }

  /**
   * @param failure unwrapped
   */
  FailureAction classify(Throwable failure, boolean deserializing) {
    try {
      FailureAction users = handler.classify(failure);
      if (users != null) {
        return users;
      }
    } catch (Throwable thrown) { // a broken classifier must not decide, nor stop the lane
      events.emit(
          new SafeConsumerEvent.CallbackFailed(
              events.now(), "classify", SafeThrowables.className(thrown)));
    }
    return classifier.classify(failure, deserializing);
  }
}
