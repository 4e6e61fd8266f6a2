package io.github.safeconsumer.examples.demo;

/**
 * One thing that the verdict looked at.
 *
 * @param name what was promised
 * @param passed whether it was kept
 * @param detail the numbers, and where it failed
 */
record Check(String name, boolean passed, String detail) {}
