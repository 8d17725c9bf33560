package dev.lethe.ledger.console.view;

import org.jspecify.annotations.Nullable;

/**
 * @param id of the request that will be made, so that to send the form twice makes one
 * @param problem what was wrong; null if nothing was
 */
public record NewRequest(String id, @Nullable String problem) {}
