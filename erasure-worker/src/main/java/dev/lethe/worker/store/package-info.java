/**
 * The SPI: what a place that holds personal data has to do for Lethe. One package below this one for each kind of store that
 * Lethe brings; others come as plugins. {@code docs/write-a-store.md} writes one, step by step.
 */
@NullMarked
package dev.lethe.worker.store;

import org.jspecify.annotations.NullMarked;
