/** The keys with which the ledger signs, and those by which anybody can check it. */
@NullMarked
package dev.lethe.ledger.keys;

import org.jspecify.annotations.NullMarked;
