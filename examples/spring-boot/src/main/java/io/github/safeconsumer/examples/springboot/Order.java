package io.github.safeconsumer.examples.springboot;

/** What the records hold, as JSON. */
public record Order(String id, int quantity) {}
