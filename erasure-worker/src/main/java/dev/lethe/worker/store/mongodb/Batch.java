package dev.lethe.worker.store.mongodb;

import com.mongodb.client.model.Filters;
import dev.lethe.events.Subject;
import dev.lethe.worker.store.StoreFailureException;
import dev.lethe.worker.store.mongodb.Rule.What;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.bson.BsonArray;
import org.bson.BsonDocument;
import org.bson.BsonValue;
import org.bson.conversions.Bson;

/** The subjects of one call. Those that can't be looked up everywhere are left out of the commands. */
final class Batch {
    private final List<Subject> subjects;
    private final List<Optional<String>> unfit;

    Batch(List<Rule> rules, List<Subject> subjects) {
        this.subjects = subjects;
        this.unfit = subjects.stream()
                .map(subject -> rules.stream()
                        .flatMap(rule -> rule.unfit(subject).stream())
                        .findFirst())
                .toList();
    }

    Optional<String> unfit(int subject) {
        return unfit.get(subject);
    }

    boolean isEmpty() {
        return unfit.stream().allMatch(Optional::isPresent);
    }

    /** @throws StoreFailureException if one of the subjects can't be looked up everywhere: 0 would be a guess */
    void requireFit() {
        unfit.stream().flatMap(Optional::stream).findFirst().ifPresent(code -> {
            throw new StoreFailureException(code);
        });
    }

    /** By field, whose values are looked for in it. */
    Map<String, Map<BsonValue, Set<Integer>>> wanted(Rule rule) {
        var wanted = new LinkedHashMap<String, Map<BsonValue, Set<Integer>>>();
        rule.fields().forEach((field, identifier) -> {
            var subjectsByValue = new LinkedHashMap<BsonValue, Set<Integer>>();
            for (int s = 0; s < subjects.size(); s++) {
                if (unfit.get(s).isEmpty()) {
                    for (String value : subjects.get(s).values(identifier.name())) {
                        subjectsByValue
                                .computeIfAbsent(identifier.type().of(value), any -> new TreeSet<>())
                                .add(s);
                    }
                }
            }
            if (!subjectsByValue.isEmpty()) {
                wanted.put(field, subjectsByValue);
            }
        });
        return wanted;
    }

    /** The documents of any of the subjects. */
    static Bson filter(Map<String, Map<BsonValue, Set<Integer>>> wanted) {
        return Filters.or(wanted.entrySet().stream()
                .map(field -> Filters.in(field.getKey(), field.getValue().keySet()))
                .toList());
    }

    /** Adds the items of a document to its subjects' counts. */
    static void count(
            Rule rule, Map<String, Map<BsonValue, Set<Integer>>> wanted, BsonDocument document, long[] items) {
        List<Set<Integer>> owners = new ArrayList<>();
        if (rule.action() == What.PULL) {
            Paths.values(document, rule.array()).stream()
                    .filter(BsonArray.class::isInstance)
                    .flatMap(array -> array.asArray().stream())
                    .forEach(element -> owners.add(owners(rule, wanted, element, rule.array())));
        } else {
            owners.add(owners(rule, wanted, document, ""));
        }
        if (owners.stream().allMatch(Set::isEmpty)) {
            // The server says it is somebody's, and one can't tell whose: no count would be exact.
            throw new StoreFailureException("UNATTRIBUTED");
        }
        owners.forEach(item -> item.forEach(subject -> items[subject]++));
    }

    private static Set<Integer> owners(
            Rule rule, Map<String, Map<BsonValue, Set<Integer>>> wanted, BsonValue item, String above) {
        var owners = new TreeSet<Integer>();
        wanted.forEach((field, subjectsByValue) -> {
            IdentifierType type = rule.held(field).type();
            List<BsonValue> values = field.equals(above)
                    ? List.of(item)
                    : Paths.values(item, above.isEmpty() ? field : field.substring(above.length() + 1));
            values.forEach(value -> owners.addAll(subjectsByValue.getOrDefault(type.comparable(value), Set.of())));
        });
        return owners;
    }
}
