/**
 * Members in JVMs of their own that are killed while they work: what they did is read from one
 * journal that survives them, and compared with what is promised.
 */
package io.github.safeconsumer.crash;
