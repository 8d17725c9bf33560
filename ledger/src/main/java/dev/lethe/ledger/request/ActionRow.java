package dev.lethe.ledger.request;

import dev.lethe.ledger.journal.JournalEntry;

/**
 * What a person did.
 *
 * @param index its place in the journal
 */
public record ActionRow(long index, JournalEntry.Acted action) {}
