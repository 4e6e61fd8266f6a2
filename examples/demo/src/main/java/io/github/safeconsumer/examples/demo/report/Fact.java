package io.github.safeconsumer.examples.demo.report;

/**
 * Something that was so in this run, such as a version.
 *
 * @param name what it is
 * @param value what it was
 */
public record Fact(String name, String value) {}
