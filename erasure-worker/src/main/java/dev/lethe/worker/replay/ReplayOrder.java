package dev.lethe.worker.replay;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Pattern;

/**
 * What an operator asked a replay for, with its instants settled; knows the command that goes on with it.
 *
 * @param config the configuration file
 * @param plugins the folder of plugins
 * @param since the first instant
 * @param until the one behind the last; empty for the end of the log
 * @param onePerson whether it is about one person, whose id it does not keep
 * @param tenant the person's tenant
 * @param rate requests a second and store
 * @param dryRun whether it only counts
 */
public record ReplayOrder(
        String config,
        Optional<String> plugins,
        Instant since,
        Optional<Instant> until,
        boolean onePerson,
        Optional<String> tenant,
        OptionalInt rate,
        boolean dryRun) {
    private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9_./:=,@%+-]+");

    /** What is left to do; empty if every store has done all of it. */
    public Optional<String> continuation(List<StoreProgress> stores) {
        List<StoreProgress> unfinished =
                stores.stream().filter(store -> !store.over()).toList();
        return unfinished.stream()
                .map(StoreProgress::reached)
                .min(Comparator.naturalOrder())
                .map(from -> command(unfinished, from));
    }

    private String command(List<StoreProgress> unfinished, Instant from) {
        var words = new ArrayList<>(List.of("./lethe", "replay", "--config", quoted(config)));
        plugins.ifPresent(folder -> words.addAll(List.of("--plugins", quoted(folder))));
        words.add("--store");
        words.add(String.join(",", unfinished.stream().map(StoreProgress::store).toList()));
        words.addAll(List.of("--since", from.toString()));
        until.ifPresent(instant -> words.addAll(List.of("--until", instant.toString())));
        if (onePerson) {
            words.addAll(List.of("--subject", "USER_ID"));
        }
        tenant.ifPresent(id -> words.addAll(List.of("--tenant", quoted(id))));
        rate.ifPresent(number -> words.addAll(List.of("--rate", Integer.toString(number))));
        if (dryRun) {
            words.add("--dry-run");
        }
        return String.join(" ", words);
    }

    private static String quoted(String word) {
        return PLAIN.matcher(word).matches() ? word : "'" + word.replace("'", "'\\''") + "'";
    }
}
