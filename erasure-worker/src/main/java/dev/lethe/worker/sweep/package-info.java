/** Looking again, later: at what late writers brought back, and at what an erasure left open. */
@NullMarked
package dev.lethe.worker.sweep;

import org.jspecify.annotations.NullMarked;
