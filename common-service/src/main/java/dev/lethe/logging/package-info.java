/** How services log: every message is assumed to be read by somebody who must not know whom it is about. */
@NullMarked
package dev.lethe.logging;

import org.jspecify.annotations.NullMarked;
