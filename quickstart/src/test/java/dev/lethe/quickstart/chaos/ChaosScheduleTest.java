package dev.lethe.quickstart.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lethe.quickstart.chaos.ChaosSchedule.Action;
import dev.lethe.quickstart.chaos.ChaosSchedule.Blow;
import dev.lethe.quickstart.chaos.ChaosSchedule.Victim;
import java.time.Duration;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.stream.Collectors;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class ChaosScheduleTest {
    private static final Duration MINUTE = Duration.ofMinutes(1);

    @Property
    void theSameSeedGivesTheSameSequence(@ForAll long seed, @ForAll @IntRange(max = 100) int number) {
        assertThat(ChaosSchedule.of(seed, number, MINUTE)).isEqualTo(ChaosSchedule.of(seed, number, MINUTE));
    }

    @Property
    void everyActionIsInTimeAndInOrder(@ForAll long seed, @ForAll @IntRange(min = 1, max = 100) int number) {
        assertThat(ChaosSchedule.of(seed, number, MINUTE).actions())
                .hasSize(number)
                .isSortedAccordingTo(Comparator.comparing(Action::at))
                .allSatisfy(action -> {
                    assertThat(action.at()).isBetween(Duration.ofSeconds(3), Duration.ofSeconds(57));
                    assertThat(action.lasts()).isBetween(Duration.ofMillis(300), Duration.ofSeconds(9));
                });
    }

    @Property
    void tenActionsStrikeEverybodyInEveryWay(@ForAll long seed) {
        var blows = ChaosSchedule.of(seed, 10, MINUTE).actions().stream()
                .collect(Collectors.groupingBy(
                        Action::victim,
                        Collectors.mapping(Action::blow, Collectors.toCollection(() -> EnumSet.noneOf(Blow.class)))));

        assertThat(blows).hasSize(Victim.values().length);
        assertThat(blows.values()).allMatch(EnumSet.allOf(Blow.class)::equals);
    }

    @Test
    void anotherSeedGivesAnotherSequence() {
        assertThat(ChaosSchedule.of(1, 10, MINUTE)).isNotEqualTo(ChaosSchedule.of(2, 10, MINUTE));
    }

    /** Whoever reports a seed relies on its meaning the same tomorrow. */
    @Test
    void aSeedMeansTheSameOnEveryMachine() {
        assertThat(ChaosSchedule.of(4711, 3, MINUTE)).hasToString("""
                4.5 s: FREEZE INGRESS for 8.2 s
                21.6 s: KILL WORKER_1 for 1.6 s
                50.3 s: FREEZE BROKER for 4.5 s""");
    }
}
