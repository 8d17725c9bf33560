package dev.lethe.ledger.journal;

/**
 * An entry at its place.
 *
 * @param index from 0, in the order of the journal
 * @param content the very bytes that the tree is made of, as text
 * @param entry what they say
 */
public record Leaf(long index, String content, JournalEntry entry) {}
