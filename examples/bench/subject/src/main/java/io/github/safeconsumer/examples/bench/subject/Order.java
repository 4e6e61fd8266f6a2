package io.github.safeconsumer.examples.bench.subject;

/** The value of a record in the scenario "json": a small order, about 150 bytes of JSON. */
public record Order(
    String id,
    String customer,
    String sku,
    int quantity,
    long cents,
    String currency,
    boolean express,
    String note) {}
