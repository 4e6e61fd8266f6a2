package io.github.safeconsumer.examples.faults;

/** Where a record stands. */
record Place(int partition, long offset) {
  @Override
  public String toString() {
    return partition + "@" + offset;
  }
}
