package dev.lethe.worker.lane;

import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;

/** What a lane counts. */
final class LaneMetrics {
    private final DistributionSummary batches;
    private final Timer steps;
    private final Timer commits;

    LaneMetrics(MeterRegistry registry, Lane lane, InstantSource clock) {
        batches = DistributionSummary.builder("lethe.lane.batch")
                .description("Records per batch")
                .baseUnit("records")
                .tag("lane", lane.name())
                .register(registry);
        steps = Timer.builder("lethe.lane.step")
                .description("What the step takes for a batch, waiting included")
                .tag("lane", lane.name())
                .register(registry);
        commits = Timer.builder("lethe.lane.commit")
                .description("What a commit of offsets takes")
                .tag("lane", lane.name())
                .register(registry);
        Gauge.builder("lethe.lane.holding", lane, l -> l.status().holding().isPresent() ? 1 : 0)
                .description("1 while the lane waits for something that is down")
                .tag("lane", lane.name())
                .register(registry);
        Gauge.builder(
                        "lethe.lane.holding.age",
                        lane,
                        l -> age(l.status().holding().map(Hold.Reason::since), clock))
                .description("How long the lane has been waiting")
                .baseUnit("seconds")
                .tag("lane", lane.name())
                .register(registry);
        Gauge.builder("lethe.lane.oldest.age", lane, l -> age(l.status().oldest(), clock))
                .description("Age of the oldest record that is in hand, or waits for its delay")
                .baseUnit("seconds")
                .tag("lane", lane.name())
                .register(registry);
    }

    void worked(int records, Duration took) {
        batches.record(records);
        steps.record(took);
    }

    void committed(Duration took) {
        commits.record(took);
    }

    private static double age(Optional<Instant> since, InstantSource clock) {
        return since.map(instant -> Duration.between(instant, clock.instant()).toMillis() / 1000.0)
                .orElse(0.0);
    }
}
