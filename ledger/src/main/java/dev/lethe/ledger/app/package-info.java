/** Configuration, command line and wiring. */
@NullMarked
package dev.lethe.ledger.app;

import org.jspecify.annotations.NullMarked;
