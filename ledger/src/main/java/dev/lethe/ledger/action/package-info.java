/** What people do is part of what happened. */
@NullMarked
package dev.lethe.ledger.action;

import org.jspecify.annotations.NullMarked;
