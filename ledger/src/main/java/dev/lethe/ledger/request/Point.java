package dev.lethe.ledger.request;

import java.time.Instant;

/**
 * A point of a chart.
 *
 * @param from when the hour or day begins
 * @param requested requests received in it
 * @param completed requests completed in it
 * @param items items deleted or made anonymous in it
 */
public record Point(Instant from, long requested, long completed, long items) {}
