package io.github.safeconsumer.examples.preflight;

import io.github.safeconsumer.Ordering;
import java.nio.file.Path;
import java.time.Duration;

/** What the command line asks for. */
record Arguments(Path file, Duration latency, int concurrency, Ordering ordering) {}
