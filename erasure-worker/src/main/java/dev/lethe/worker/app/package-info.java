/** The worker as a service: command line, configuration, wiring. */
@NullMarked
package dev.lethe.worker.app;

import org.jspecify.annotations.NullMarked;
