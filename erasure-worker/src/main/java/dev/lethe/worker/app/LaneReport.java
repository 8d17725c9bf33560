package dev.lethe.worker.app;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.lethe.worker.lane.Hold;
import dev.lethe.worker.lane.Lane;
import dev.lethe.worker.lane.LaneStatus;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** {@code /health/lanes}: how every lane of this worker is. */
record LaneReport(List<Entry> lanes) {
    static LaneReport of(Collection<Lane> lanes) {
        return new LaneReport(lanes.stream().map(Lane::status).map(Entry::of).toList());
    }

    /**
     * One lane.
     *
     * @param state {@code running}, {@code idle} without partitions, or {@code holding}
     * @param since since when it holds, ISO-8601
     * @param oldest when the oldest record in hand, or waiting for its delay, was written, ISO-8601
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Entry(
            String name,
            String group,
            String state,
            @Nullable String since,
            @Nullable String code,
            @Nullable String message,
            @Nullable String oldest) {
        static Entry of(LaneStatus lane) {
            String oldest = lane.oldest().map(Object::toString).orElse(null);
            if (lane.holding().isPresent()) {
                Hold.Reason hold = lane.holding().get();
                return new Entry(
                        lane.lane(),
                        lane.group(),
                        "holding",
                        hold.since().toString(),
                        hold.code(),
                        hold.message(),
                        oldest);
            }
            return new Entry(lane.lane(), lane.group(), lane.reading() ? "running" : "idle", null, null, null, oldest);
        }
    }
}
