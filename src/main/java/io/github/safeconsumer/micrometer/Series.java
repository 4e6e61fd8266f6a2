package io.github.safeconsumer.micrometer;

import io.micrometer.core.instrument.Tags;

/** One meter: its family, and all of its tags. */
record Series(Family family, Tags tags) {}
