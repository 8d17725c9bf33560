package dev.lethe.worker.store.jdbc;

import dev.lethe.events.Subject;
import dev.lethe.worker.store.StoreFailureException;
import dev.lethe.worker.store.jdbc.ErasurePlan.Link;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;

/** The subjects of one call, told apart by their index. Those that can't be looked up everywhere are left out. */
final class Batch {
    private final List<Subject> subjects;
    private final List<Optional<String>> unfit;

    Batch(ErasurePlan plan, List<Subject> subjects) {
        this.subjects = subjects;
        List<Set<String>> beginnings = plan.beginnings();
        List<Link.Identified> identified = plan.identified();
        this.unfit = subjects.stream()
                .map(subject -> unfit(subject, beginnings, identified))
                .toList();
    }

    private static Optional<String> unfit(
            Subject subject, List<Set<String>> beginnings, List<Link.Identified> identified) {
        if (!beginnings.stream()
                .allMatch(any -> any.stream()
                        .anyMatch(identifier -> !subject.values(identifier).isEmpty()))) {
            return Optional.of("UNRESOLVED");
        }
        boolean possible = identified.stream()
                .allMatch(link -> subject.values(link.identifier()).stream()
                        .allMatch(link.column().kind()::holds));
        return possible ? Optional.empty() : Optional.of("INVALID_IDENTIFIER");
    }

    int size() {
        return subjects.size();
    }

    /** Why a subject can't be looked up: a code. */
    Optional<String> unfit(int subject) {
        return unfit.get(subject);
    }

    /** @throws StoreFailureException if one of the subjects can't be looked up everywhere: 0 would be a guess */
    void requireFit() {
        unfit.stream().flatMap(Optional::stream).findFirst().ifPresent(code -> {
            throw new StoreFailureException(code);
        });
    }

    String key(int subject) {
        return subjects.get(subject).key().toString();
    }

    /** Who has which value of an identifier, as a column of that kind reads it. */
    Map<List<String>, Set<Integer>> owners(Link.Identified link) {
        var owners = new LinkedHashMap<List<String>, Set<Integer>>();
        values(link.identifier())
                .forEach((value, subject) ->
                        owners.merge(List.of(link.column().kind().canonical(value)), subject, Batch::union));
        return owners;
    }

    /** Who has which value of an identifier. */
    Map<String, Set<Integer>> values(String identifier) {
        var owners = new LinkedHashMap<String, Set<Integer>>();
        IntStream.range(0, subjects.size())
                .filter(subject -> unfit.get(subject).isEmpty())
                .forEach(subject -> subjects.get(subject)
                        .values(identifier)
                        .forEach(value -> owners.merge(value, Set.of(subject), Batch::union)));
        return owners;
    }

    static Set<Integer> union(Set<Integer> one, Set<Integer> other) {
        if (one.containsAll(other)) {
            return one;
        }
        var both = new HashSet<>(one);
        both.addAll(other);
        return Set.copyOf(both);
    }
}
