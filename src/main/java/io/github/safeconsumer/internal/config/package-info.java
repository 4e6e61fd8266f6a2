/**
 * From what the builder was given to a checked, complete configuration. Enter at {@link
 * io.github.safeconsumer.internal.config.SettingsFactory}.
 */
@NullMarked
package io.github.safeconsumer.internal.config;

import org.jspecify.annotations.NullMarked;
