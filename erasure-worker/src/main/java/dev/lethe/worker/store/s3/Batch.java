package dev.lethe.worker.store.s3;

import dev.lethe.events.Subject;
import dev.lethe.worker.store.Remaining;
import dev.lethe.worker.store.StoreFailureException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;

/** The subjects of one call and what the bucket has of them. Those that can't be looked up everywhere are left out. */
final class Batch {
    private final List<Target> targets;
    private final List<Optional<String>> unfit;
    private final List<Lookup> lookups = new ArrayList<>();
    /** Whose the items are. */
    private final Map<Item, Set<Integer>> owners = new LinkedHashMap<>();
    /** The items of each subject by target. */
    private final List<List<List<Item>>> items;

    /** A key, or the beginning of keys, of one subject. */
    record Lookup(int subject, int target, String key, boolean isPrefix) {}

    Batch(List<Target> targets, List<Subject> subjects) {
        this.targets = targets;
        this.unfit = subjects.stream()
                .map(subject -> targets.stream()
                        .flatMap(target -> target.unfit(subject).stream())
                        .findFirst())
                .toList();
        this.items = subjects.stream()
                .map(subject -> targets.stream()
                        .<List<Item>>map(target -> new ArrayList<>())
                        .toList())
                .toList();
        for (int s = 0; s < subjects.size(); s++) {
            for (int t = 0; t < targets.size() && unfit.get(s).isEmpty(); t++) {
                for (String key : targets.get(t).keys(subjects.get(s))) {
                    lookups.add(new Lookup(s, t, key, targets.get(t).isPrefix()));
                }
            }
        }
    }

    List<Lookup> lookups() {
        return lookups;
    }

    /**
     * Notes what was found. What is none of the lookup's is left alone, whatever a server lists; what two targets lead to
     * counts for the first.
     */
    void found(Lookup lookup, Item item) {
        if (targets.get(lookup.target()).holds(lookup.key(), item.key())
                && owners.computeIfAbsent(item, any -> new HashSet<>()).add(lookup.subject())) {
            items(lookup.subject(), lookup.target()).add(item);
        }
    }

    Set<Item> items() {
        return owners.keySet();
    }

    Optional<String> unfit(int subject) {
        return unfit.get(subject);
    }

    /** The items of one subject that one target leads to. */
    List<Item> items(int subject, int target) {
        return items.get(subject).get(target);
    }

    /** @throws StoreFailureException if one of the subjects can't be looked up everywhere: 0 would be a guess */
    List<Remaining> remaining() {
        unfit.stream().flatMap(Optional::stream).findFirst().ifPresent(code -> {
            throw new StoreFailureException(code);
        });
        return IntStream.range(0, unfit.size())
                .mapToObj(subject -> {
                    var remaining = new LinkedHashMap<String, Long>();
                    for (int t = 0; t < targets.size(); t++) {
                        remaining.put(
                                targets.get(t).name(), (long) items(subject, t).size());
                    }
                    return new Remaining(remaining);
                })
                .toList();
    }
}
