/** Handlers that never return, on a real broker. */
@NullUnmarked
package io.github.safeconsumer.hung;

import org.jspecify.annotations.NullUnmarked;
