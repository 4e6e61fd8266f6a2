/**
 * Reading a dead-letter topic and sending its letters on. Enter at {@link
 * io.github.safeconsumer.internal.replay.Desk}; {@link
 * io.github.safeconsumer.internal.replay.Replay} is one replay.
 */
@NullMarked
package io.github.safeconsumer.internal.replay;

import org.jspecify.annotations.NullMarked;
