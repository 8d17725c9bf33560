/** Erasures that no identity provider announces. */
@NullMarked
package dev.lethe.ledger.intake;

import org.jspecify.annotations.NullMarked;
