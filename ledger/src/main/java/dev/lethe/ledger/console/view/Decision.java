package dev.lethe.ledger.console.view;

import org.jspecify.annotations.Nullable;

/**
 * The question before a dead letter is settled, for browsers without a script, and where the first answer would not do.
 *
 * @param problem what was wrong with the answer; null if there was none
 * @param reason what was answered
 */
public record Decision(
        DeadLetterLine line, boolean isDiscard, @Nullable String problem, String reason) {}
