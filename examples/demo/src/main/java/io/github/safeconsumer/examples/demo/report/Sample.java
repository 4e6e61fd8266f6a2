package io.github.safeconsumer.examples.demo.report;

/**
 * How one group stood at one moment.
 *
 * @param seconds since the run began
 * @param lag records between the committed offsets and the ends of the log
 * @param handled orders fulfilled at least once
 */
public record Sample(double seconds, long lag, long handled) {}
