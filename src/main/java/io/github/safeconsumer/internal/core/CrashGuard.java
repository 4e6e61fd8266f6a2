package io.github.safeconsumer.internal.core;

/**
 * What guards a process against records that kill it.
 *
 * @param limit deaths before a record is convicted, from 2; 0 for no guard
 * @param concurrency attempts that may run at once
 * @param solitude of the process
 */
public record CrashGuard(int limit, int concurrency, Solitude solitude) {
  /** No guard. */
  public static CrashGuard off() {
    return new CrashGuard(0, 1, new Solitude());
  }
}
