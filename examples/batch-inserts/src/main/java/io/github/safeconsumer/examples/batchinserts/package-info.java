/** Batch inserts in which one bad row does not spoil the others. */
package io.github.safeconsumer.examples.batchinserts;
