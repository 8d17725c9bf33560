/** Measurements of the stores against real servers, each figure next to the limit that was measured in the same run. */
@NullMarked
package dev.lethe.bench;

import org.jspecify.annotations.NullMarked;
