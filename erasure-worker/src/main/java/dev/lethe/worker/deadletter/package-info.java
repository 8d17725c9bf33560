/** What becomes of a record that could not be done: it comes back later, or a human decides. */
@NullMarked
package dev.lethe.worker.deadletter;

import org.jspecify.annotations.NullMarked;
