/** What the ledger notes, in one order and for good: entries of a topic, from which everything else follows. */
@NullMarked
package dev.lethe.ledger.journal;

import org.jspecify.annotations.NullMarked;
