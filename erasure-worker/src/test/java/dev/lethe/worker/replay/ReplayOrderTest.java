package dev.lethe.worker.replay;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

class ReplayOrderTest {
    private static final Instant SINCE = Instant.parse("2026-11-20T08:00:00Z");

    @Test
    void whatIsDoneEverywhereNeedsNoFurtherCommand() {
        assertThat(everything().continuation(List.of(store("shop", SINCE.plusSeconds(9), true))))
                .isEmpty();
    }

    @Test
    void theCommandGoesOnWithTheUnfinishedStoresFromTheEarliestOfTheirInstants() {
        var stores = List.of(
                store("done", SINCE, true),
                store("shop", SINCE.plusMillis(1500), false),
                store("support", SINCE.plusSeconds(3), false));

        assertThat(everything().continuation(stores))
                .contains("./lethe replay --config worker.yaml --store shop,support --since 2026-11-20T08:00:01.500Z");
    }

    @Test
    void theCommandKeepsEveryOptionButTheUserId() {
        var order = new ReplayOrder(
                "my config.yaml",
                Optional.of("./plugins"),
                SINCE,
                Optional.of(SINCE.plusSeconds(60)),
                true,
                Optional.of("te'nant"),
                OptionalInt.of(200),
                true);

        assertThat(order.continuation(List.of(store("shop", SINCE, false))))
                .contains(
                        "./lethe replay --config 'my config.yaml' --plugins ./plugins --store shop --since 2026-11-20T08:00:00Z"
                                + " --until 2026-11-20T08:01:00Z --subject USER_ID --tenant 'te'\\''nant' --rate 200 --dry-run");
    }

    private static ReplayOrder everything() {
        return new ReplayOrder(
                "worker.yaml",
                Optional.empty(),
                SINCE,
                Optional.empty(),
                false,
                Optional.empty(),
                OptionalInt.empty(),
                false);
    }

    private static StoreProgress store(String name, Instant reached, boolean over) {
        return new StoreProgress(name, Tally.NONE, 0, 1, reached, over, Optional.empty(), Optional.empty());
    }
}
