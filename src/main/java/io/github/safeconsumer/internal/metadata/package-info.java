/**
 * What the metadata string of an offset commit says of one partition, its text form, and how it is
 * made to fit; pure values and functions that depend on the JDK alone. Enter at {@link
 * io.github.safeconsumer.internal.metadata.Note}; the format is described in docs/VERSIONING.md.
 */
@NullMarked
package io.github.safeconsumer.internal.metadata;

import org.jspecify.annotations.NullMarked;
