package dev.lethe.ledger.lanes;

import dev.lethe.config.Section;
import dev.lethe.events.Outcome;
import dev.lethe.worker.status.PlannedLane;
import java.net.URI;
import java.time.DateTimeException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * What the workers are configured with, as far as their lanes can be told from outside.
 *
 * @param stores their stores
 * @param retryDelay how long a refused request waits; the workers' {@code retries.delay}
 * @param sweeps when stores are looked at again; the workers' {@code sweeps}
 * @param confirmedAfter how long an announced deletion waits; the workers' {@code confirmation.after}, if they confirm
 * @param workers the management ports of workers, which say why a lane holds
 */
public record LanesConfig(
        List<String> stores,
        Duration retryDelay,
        List<Duration> sweeps,
        Optional<Duration> confirmedAfter,
        List<URI> workers) {
    public LanesConfig {
        stores = List.copyOf(stores);
        sweeps = List.copyOf(sweeps);
        workers = List.copyOf(workers);
    }

    /**
     * Reads the section {@code lanes}.
     *
     * @param stores from which everybody is erased
     */
    public static LanesConfig read(Section section, List<String> stores) {
        return new LanesConfig(
                stores,
                section.duration("retryDelay", Duration.ofMinutes(5)),
                sweeps(section),
                section.has("confirmedAfter")
                        ? Optional.of(section.duration("confirmedAfter", Duration.ofSeconds(30)))
                        : Optional.empty(),
                workers(section));
    }

    private static List<Duration> sweeps(Section section) {
        var sweeps = new ArrayList<Duration>();
        for (String text : section.texts("sweeps")) {
            try {
                sweeps.add(Duration.parse(text));
            } catch (DateTimeException e) {
                section.problem("sweeps", "\"" + text + "\" is no duration such as PT1H");
            }
        }
        return sweeps.stream().sorted().toList();
    }

    private static List<URI> workers(Section section) {
        var workers = new ArrayList<URI>();
        for (String text : section.texts("workers")) {
            try {
                URI url = URI.create(text);
                if (url.getHost() == null) {
                    throw new IllegalArgumentException();
                }
                workers.add(url);
            } catch (IllegalArgumentException e) {
                section.problem("workers", "\"" + text + "\" is no URL such as http://worker-1:8081");
            }
        }
        return workers;
    }

    /** The lanes that workers with this configuration run, those that confirm first. */
    List<PlannedLane> planned() {
        var lanes = new ArrayList<PlannedLane>();
        confirmedAfter.ifPresent(after -> lanes.addAll(PlannedLane.ofConfirmation(after, after)));
        stores.forEach(store -> lanes.addAll(PlannedLane.ofStore(store, retryDelay, sweeps)));
        return lanes;
    }

    /** Those who have a retry topic. */
    Set<String> retrying() {
        var names = new TreeSet<>(stores);
        if (confirmedAfter.isPresent()) {
            names.add(Outcome.CONFIRM);
        }
        return names;
    }
}
