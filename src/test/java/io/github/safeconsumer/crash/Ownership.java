package io.github.safeconsumer.crash;

/** One ownership of one partition by one member, as the journal shows it. Compared by identity. */
final class Ownership {
  /** How it ended. */
  enum End {
    /** It goes on. */
    NONE,
    /** Handed over: nothing of it is repeated. */
    REVOKED,
    /** Taken away without a hand-over. */
    LOST,
    /** Taken away while its process was stopped; that hears of it when it goes on. */
    FROZEN,
    /** Its process was killed. */
    KILLED
  }

  private final String member;
  private final int partition;
  private End end = End.NONE;

  Ownership(String member, int partition) {
    this.member = member;
    this.partition = partition;
  }

  String member() {
    return member;
  }

  int partition() {
    return partition;
  }

  End end() {
    return end;
  }

  void end(End how) {
    end = how;
  }

  /** Whether its owner had no chance to tell the next one what it did. */
  boolean endedUnclean() {
    return end == End.LOST || end == End.FROZEN || end == End.KILLED;
  }

  @Override
  public String toString() {
    return member + " of partition " + partition + " (" + end + ")";
  }
}
