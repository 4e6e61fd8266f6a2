/** Plants known design bugs in a copy of the code, and runs the tests that have to catch them. */
package io.github.safeconsumer.planted;
