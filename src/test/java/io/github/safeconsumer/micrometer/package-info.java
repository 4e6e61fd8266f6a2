/** The Micrometer meters, their page, dashboard and alert rules. */
package io.github.safeconsumer.micrometer;
