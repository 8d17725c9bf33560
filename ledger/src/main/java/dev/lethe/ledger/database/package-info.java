/** PostgreSQL: the schema, and the projection of the journal into it. */
@NullMarked
package dev.lethe.ledger.database;

import org.jspecify.annotations.NullMarked;
