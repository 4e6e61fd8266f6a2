/** Several topics in one consumer, a type for each, and no type forgotten. */
package io.github.safeconsumer.examples.sealedtopics;
