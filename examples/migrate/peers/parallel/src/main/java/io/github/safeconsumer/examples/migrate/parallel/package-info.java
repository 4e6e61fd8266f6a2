/** A member with Parallel Consumer. */
package io.github.safeconsumer.examples.migrate.parallel;
