/** The pages: what the ledger knows, for people, and what they may do about it. */
@NullMarked
package dev.lethe.ledger.console;

import org.jspecify.annotations.NullMarked;
