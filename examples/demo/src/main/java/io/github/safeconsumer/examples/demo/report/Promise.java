package io.github.safeconsumer.examples.demo.report;

/**
 * One thing that the verdict looked at.
 *
 * @param name what was promised
 * @param kept whether it was
 * @param detail the numbers
 */
public record Promise(String name, boolean kept, String detail) {}
