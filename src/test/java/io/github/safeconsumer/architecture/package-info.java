/** What the code may depend on, as tests. */
package io.github.safeconsumer.architecture;
