package io.github.safeconsumer.internal.shell;

import io.github.safeconsumer.internal.core.Admission;
import java.lang.reflect.Field;

/** Reaches what a consumer admits by: nobody but a test has a reason to. */
public final class AdmissionOf {
  private AdmissionOf() {}

  /** The one of this consumer. */
  public static Admission consumer(Coordinator<?, ?> coordinator) {
    try {
      Field lasting = Coordinator.class.getDeclaredField("lasting");
      lasting.setAccessible(true);
      return ((Lasting<?, ?>) lasting.get(coordinator)).admission();
    } catch (ReflectiveOperationException e) {
      throw new LinkageError("where does the coordinator keep what lasts?", e);
    }
  }
}
