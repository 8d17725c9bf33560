/** Who may see and who may act: sign-in, sessions, and what keeps others from acting in somebody's name. */
@NullMarked
package dev.lethe.ledger.access;

import org.jspecify.annotations.NullMarked;
