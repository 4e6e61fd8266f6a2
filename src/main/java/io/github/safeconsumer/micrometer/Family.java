package io.github.safeconsumer.micrometer;

/**
 * Meters of one name, told apart by their tags.
 *
 * @param name as Micrometer has it, with dots
 * @param counts whether it only rises: a counter, else a gauge
 * @param unit base unit, which the name does not say; empty for none
 */
record Family(String name, boolean counts, String unit, String description) {}
