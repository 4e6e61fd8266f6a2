package io.github.safeconsumer.examples.payments;

/**
 * @param account also the key of the record, so all payments of an account are in one partition
 * @param number counts the payments of the account from 1, given by who sends them
 * @param cents what the balance changes by
 */
record Payment(String account, int number, long cents) {}
