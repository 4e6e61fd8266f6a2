/**
 * The poll budget on a real broker: what is admitted stays within it, partitions change hands
 * within the window, and nothing is paid for it in records a second.
 */
package io.github.safeconsumer.budget;
