package io.github.safeconsumer.examples.demo.report;

/**
 * One cause of a diagnosis, for as long as it was named without a break.
 *
 * @param from seconds since the run began
 * @param to the same, of the last time that it was named
 * @param code the stable name of the kind of cause
 * @param evidence what was seen when it was named first
 * @param lately what was seen when it was named last
 * @param remedy what to do; empty where nothing is wrong
 */
public record Finding(
    double from, double to, String code, String evidence, String lately, String remedy) {}
