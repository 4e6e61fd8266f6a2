/** Deserialization on workers: an instance is never used by two threads at once. */
@NullMarked
package io.github.safeconsumer.internal.serde;

import org.jspecify.annotations.NullMarked;
