package dev.lethe.worker.forget;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.lethe.worker.forget.StoreAnswer.Counted;
import dev.lethe.worker.forget.StoreAnswer.Unknown;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * How much of a person is left: the JSON of {@code --json}.
 *
 * @param subjectKey the person's pseudonym
 * @param identifiers the names of what the person was looked up by
 * @param identifiersFrom where these are from
 * @param stores store by store
 * @param remaining items left in all stores that answered
 * @param unknown what nobody knows, and why; empty if everything was asked
 */
public record ForgetReport(
        String subjectKey,
        List<String> identifiers,
        String identifiersFrom,
        List<StoreReport> stores,
        long remaining,
        List<String> unknown) {

    /**
     * One store.
     *
     * @param items how many are left, by target; absent if it did not answer
     * @param retained how many have to be kept for a while, by target; absent if none has, or if it did not answer
     * @param code why it did not answer
     * @param message what is wrong and what to do
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record StoreReport(
            String store,
            @Nullable Map<String, Long> items,
            @Nullable Map<String, Long> retained,
            @Nullable String code,
            @Nullable String message) {
        static StoreReport of(StoreAnswer answer) {
            return switch (answer) {
                case Counted counted ->
                    new StoreReport(
                            counted.store(),
                            counted.items(),
                            counted.retained().isEmpty() ? null : counted.retained(),
                            null,
                            null);
                case Unknown unknown -> new StoreReport(unknown.store(), null, null, unknown.code(), unknown.message());
            };
        }
    }

    public static ForgetReport of(KnownIdentifiers person, List<StoreAnswer> answers) {
        var names = new ArrayList<String>();
        names.add("userId");
        if (person.subject().tenantId() != null) {
            names.add("tenantId");
        }
        names.addAll(person.subject().identifiers().keySet());
        var unknown = new ArrayList<String>();
        long remaining = 0;
        for (StoreAnswer answer : answers) {
            switch (answer) {
                case Counted counted -> remaining += counted.total();
                case Unknown silent ->
                    unknown.add(silent.store() + " can't be asked: " + silent.code() + ": " + silent.message());
            }
        }
        person.problem().ifPresent(unknown::add);
        return new ForgetReport(
                person.subject().key().value(),
                names,
                person.source(),
                answers.stream().map(StoreReport::of).toList(),
                remaining,
                unknown);
    }

    /** How many items have to be kept for a while, in all stores that answered. */
    public long kept() {
        return stores.stream()
                .map(StoreReport::retained)
                .filter(Objects::nonNull)
                .flatMap(retained -> retained.values().stream())
                .mapToLong(Long::longValue)
                .sum();
    }

    /** Whether every store was asked, and holds nothing but what has to be kept for a while. */
    public boolean nothingIsLeft() {
        return remaining == 0 && unknown.isEmpty();
    }
}
