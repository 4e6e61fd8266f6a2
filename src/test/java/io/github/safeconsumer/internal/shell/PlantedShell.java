package io.github.safeconsumer.internal.shell;

/** Something of the shell, for planted classes to depend on. */
public interface PlantedShell {}
