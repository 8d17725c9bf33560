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
 * @param oldest when the oldest record that it has in hand was written, if it has any
 */
public record LaneStatus(
        String lane, String group, boolean reading, Optional<Hold.Reason> holding, Optional<Instant> oldest) {}
