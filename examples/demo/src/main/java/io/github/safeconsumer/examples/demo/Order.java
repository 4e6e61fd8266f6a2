package io.github.safeconsumer.examples.demo;

/**
 * What is in the topic, as JSON.
 *
 * @param id also the key of its record
 * @param customer from 1 to {@link Fulfilment#CUSTOMERS}, where the customer exists
 * @param item what is bought
 * @param cents for how much
 * @param payment {@code card}, or {@code declined-twice}
 * @param shipping {@code domestic}, or {@code customs}
 */
record Order(String id, int customer, String item, long cents, String payment, String shipping) {}
