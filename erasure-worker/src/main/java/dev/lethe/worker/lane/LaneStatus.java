package dev.lethe.worker.lane;

import java.time.Instant;
import java.util.Optional;

/**
 * How a lane is.
 *
 * @param lane its name
 * @param group its consumer group
 * @param reading whether it has partitions at the moment
 * @param holding why it waits, if it does
 * @param oldest when the oldest record was written that it has in hand, or that waits for its delay; empty if none
 */
public record LaneStatus(
        String lane, String group, boolean reading, Optional<Hold.Reason> holding, Optional<Instant> oldest) {}
