/** What can be seen from outside: events, status, health. */
@NullMarked
package io.github.safeconsumer.internal.observe;

import org.jspecify.annotations.NullMarked;
