/** Relational databases: rows found by mapped columns and by the foreign keys that lead to them. */
@NullMarked
package dev.lethe.worker.store.jdbc;

import org.jspecify.annotations.NullMarked;
