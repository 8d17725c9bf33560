/** How the stores' lanes are doing, and what is decided about their dead letters: the worker's own code, watched from here. */
@NullMarked
package dev.lethe.ledger.lanes;

import org.jspecify.annotations.NullMarked;
