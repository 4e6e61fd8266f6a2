package io.github.safeconsumer.sim;

/** Something that happens at a moment of virtual time: a thread wakes up, or an event runs. */
final class Timer implements Comparable<Timer> {
  final long at;
  private final long sequence;
  final SimThread thread;
  final Runnable event;
  boolean cancelled;

  Timer(long at, long sequence, SimThread thread, Runnable event) {
    this.at = at;
    this.sequence = sequence;
    this.thread = thread;
    this.event = event;
  }

  @Override
  public int compareTo(Timer other) {
    return at != other.at ? Long.compare(at, other.at) : Long.compare(sequence, other.sequence);
  }
}
