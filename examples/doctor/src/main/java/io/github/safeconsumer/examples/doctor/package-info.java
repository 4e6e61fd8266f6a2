/** Tells why the lag of a consumer group grows, whoever its members are. */
package io.github.safeconsumer.examples.doctor;
