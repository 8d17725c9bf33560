package dev.lethe.quickstart.chaos;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Random;

/**
 * What is done to which process, and when: a function of its arguments alone, so that a seed says it all.
 *
 * @param actions by the time at which they begin
 */
record ChaosSchedule(List<Action> actions) {
    private static final Duration SHORTEST = Duration.ofMillis(300);
    /** Some freezes outlast a consumer's session, which is 6 s on the quickstart's broker. */
    private static final Duration LONGEST_FREEZE = Duration.ofSeconds(9);

    private static final Duration LONGEST_ABSENCE = Duration.ofSeconds(3);

    enum Victim {
        BROKER,
        WORKER_1,
        WORKER_2,
        INGRESS,
        POSTGRES
    }

    enum Blow {
        /** SIGKILL, and a start after a while. */
        KILL,
        /** SIGSTOP, and SIGCONT after a while. */
        FREEZE
    }

    /** @param at since the first request */
    record Action(Duration at, Victim victim, Blow blow, Duration lasts) {
        @Override
        public String toString() {
            return String.format(
                    Locale.ROOT,
                    "%.1f s: %s %s for %.1f s",
                    at.toMillis() / 1000.0,
                    blow,
                    victim,
                    lasts.toMillis() / 1000.0);
        }
    }

    /**
     * Spreads actions at random over a time. Everybody gets his share: nobody is struck a second time in the same way before
     * everybody else was.
     *
     * @param over begins with the first request; nothing begins in its first or its last twentieth
     */
    static ChaosSchedule of(long seed, int number, Duration over) {
        Random random = new Random(seed);
        List<Action> actions = new ArrayList<>();
        List<Action> round = new ArrayList<>();
        for (int i = 0; i < number; i++) {
            if (round.isEmpty()) {
                round = shuffledRound(random);
            }
            long slot = over.toMillis() * 9 / 10 / number;
            long at = over.toMillis() / 20 + i * slot + random.nextLong(slot);
            Action next = round.removeLast();
            actions.add(new Action(Duration.ofMillis(at), next.victim(), next.blow(), next.lasts()));
        }
        actions.sort(Comparator.comparing(Action::at));
        return new ChaosSchedule(List.copyOf(actions));
    }

    private static List<Action> shuffledRound(Random random) {
        List<Action> round = new ArrayList<>();
        for (Victim victim : Victim.values()) {
            for (Blow blow : Blow.values()) {
                Duration longest = blow == Blow.KILL ? LONGEST_ABSENCE : LONGEST_FREEZE;
                long lasts = random.nextLong(SHORTEST.toMillis(), longest.toMillis());
                round.add(new Action(Duration.ZERO, victim, blow, Duration.ofMillis(lasts)));
            }
        }
        Collections.shuffle(round, random);
        return round;
    }

    @Override
    public String toString() {
        return String.join("\n", actions.stream().map(Action::toString).toList());
    }
}
