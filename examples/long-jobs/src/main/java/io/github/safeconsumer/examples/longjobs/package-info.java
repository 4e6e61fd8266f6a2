/** Jobs of many minutes; enter at {@link io.github.safeconsumer.examples.longjobs.LongJobs}. */
package io.github.safeconsumer.examples.longjobs;
