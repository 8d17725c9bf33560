package dev.lethe.worker.store.jdbc;

import static java.util.stream.Collectors.toMap;
import static org.assertj.core.api.Assertions.assertThat;

import dev.lethe.worker.store.StorePlan;
import dev.lethe.worker.store.StoreResult;
import dev.lethe.worker.store.StoreResult.Settled;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** What a store counted, by action and table; a key that was taken away is an anonymized row of its table. */
final class Counted {
    private final Map<String, String> tables;

    Counted(StorePlan plan) {
        tables = plan.steps().stream()
                .collect(toMap(
                        StorePlan.Step::target,
                        step -> step.path().endsWith("taken away")
                                ? step.target().replaceFirst("\\.(\\([^()]*\\)|[^.()]*)$", "")
                                : step.target()));
    }

    Map<String, Long> of(StoreResult result) {
        assertThat(result).isInstanceOf(Settled.class);
        return ((Settled) result)
                .targets().stream()
                        .filter(target -> target.items() > 0)
                        .collect(toMap(
                                target -> target.action().name().toLowerCase(Locale.ROOT) + " "
                                        + tables.get(target.target()),
                                target -> target.items(),
                                Long::sum,
                                TreeMap::new));
    }
}
