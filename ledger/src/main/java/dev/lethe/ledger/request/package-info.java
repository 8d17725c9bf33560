/** What became of a request: worked out from its entries, and read from the database. */
@NullMarked
package dev.lethe.ledger.request;

import org.jspecify.annotations.NullMarked;
