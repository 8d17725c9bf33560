package dev.lethe.ledger.console.view;

/** An option of a form. */
public record Choice(String value, String name, boolean isChosen) {}
