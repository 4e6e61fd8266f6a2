/**
 * What the documents say, held against the code: samples compile and run, links lead somewhere,
 * permissions are the ones that a broker asks for.
 */
package io.github.safeconsumer.documentation;
