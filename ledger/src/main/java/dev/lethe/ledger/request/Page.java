package dev.lethe.ledger.request;

import java.util.List;
import java.util.Optional;

/**
 * Some of a list.
 *
 * @param next where the rest begins; empty if there is none
 */
public record Page(List<RequestRow> rows, Optional<Cursor> next) {
    public Page {
        rows = List.copyOf(rows);
    }
}
