package io.github.safeconsumer;

/**
 * What a batch handler may ask about and say to the attempt it is in. What {@link RecordContext}
 * tells of an attempt is that of the batch: {@link #attempt()} is 1 unless the batch is a single
 * record that failed before.
 */
public interface BatchContext extends RecordContext {

  /**
   * This record failed, the others of the batch are judged on their own. May be called from any
   * thread until the handler returns; the first cause given for a record counts.
   *
   * @param index in the list that the handler was given, from 0
   * @param cause why; decides, as a thrown exception would, what becomes of the record
   * @throws IndexOutOfBoundsException for an index the batch does not have
   * @throws IllegalStateException when the handler has returned already
   */
  void fail(int index, Throwable cause);

  /**
   * Number of the attempt of one record, from 1.
   *
   * @param index in the list that the handler was given, from 0
   * @throws IndexOutOfBoundsException for an index the batch does not have
   */
  int attempt(int index);
}
