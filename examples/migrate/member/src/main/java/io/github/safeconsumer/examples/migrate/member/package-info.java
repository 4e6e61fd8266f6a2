/** What members of all kinds share; it is compiled into each class path. */
package io.github.safeconsumer.examples.migrate.member;
