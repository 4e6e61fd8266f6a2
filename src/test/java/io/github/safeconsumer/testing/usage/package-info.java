/** The test driver as its users see it: public API only. */
package io.github.safeconsumer.testing.usage;
