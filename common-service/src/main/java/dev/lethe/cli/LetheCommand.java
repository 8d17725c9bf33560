package dev.lethe.cli;

import java.util.concurrent.Callable;

/**
 * A command of {@code lethe}, annotated for picocli and found by {@link java.util.ServiceLoader}, so that each module brings
 * its own. Returns the exit code: 0 done, 1 failed while working, 2 misused or misconfigured. A {@link
 * dev.lethe.config.MisconfiguredException} becomes 2 and any other exception 1, with its message and without a stack trace.
 */
public interface LetheCommand extends Callable<Integer> {}
