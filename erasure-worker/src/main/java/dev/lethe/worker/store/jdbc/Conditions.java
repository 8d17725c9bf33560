package dev.lethe.worker.store.jdbc;

import static java.util.stream.Collectors.joining;

import dev.lethe.config.Secret;
import dev.lethe.worker.store.jdbc.Dialect.Binding;
import dev.lethe.worker.store.jdbc.Dialect.Fragment;
import dev.lethe.worker.store.jdbc.ErasurePlan.Assignment;
import dev.lethe.worker.store.jdbc.ErasurePlan.Link;
import dev.lethe.worker.store.jdbc.ErasurePlan.Target;
import dev.lethe.worker.store.jdbc.Replacement.Part;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.IntStream;

/** Which rows a rule is about, which of these it has not changed yet, and what it makes of them. */
final class Conditions {
    private static final DateTimeFormatter DATE_TIME = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss");
    private static final int BLOCK = 64;
    private static final byte INNER = 0x36;
    private static final byte OUTER = 0x5c;

    private final Dialect dialect;
    private final Instant now;
    private final byte[] hashKey;
    private final Function<Link, Map<List<String>, Set<Integer>>> owners;
    private final Function<Integer, String> keys;

    /**
     * @param now when a retention counts as over
     * @param owners whose the tuples of a link are
     * @param keys the pseudonym of a subject
     */
    Conditions(
            Dialect dialect,
            Instant now,
            Optional<Secret> hashKey,
            Function<Link, Map<List<String>, Set<Integer>>> owners,
            Function<Integer, String> keys) {
        this.dialect = dialect;
        this.now = now;
        this.hashKey = hashKey.map(secret -> secret.reveal().getBytes(StandardCharsets.UTF_8))
                .orElse(new byte[0]);
        this.owners = owners;
        this.keys = keys;
    }

    /** What a link leads to, the rule's condition included. */
    Fragment of(Target target, Link link, List<List<String>> tuples) {
        Fragment among = dialect.among(link, tuples, "looked");
        // The map's own condition ends on its line, lest it should end with a comment.
        return target.where()
                .map(where -> among.and(Fragment.of("(" + where + "\n)")))
                .orElse(among);
    }

    /** The same, but for rows that have to be kept. */
    Fragment due(Target target, Link link, List<List<String>> tuples) {
        return andDue(target, of(target, link, tuples));
    }

    /** Rows that have to be kept. */
    Fragment kept(Target target, Link link, List<List<String>> tuples) {
        return target.retention()
                .map(kept -> of(target, link, tuples)
                        .and(new Fragment("(%s) IS NOT TRUE".formatted(dialect.isDue(kept.from())), bound(target))))
                .orElseThrow();
    }

    /** The same as {@link #due}, but for rows that are anonymized already. */
    Fragment undone(Target target, Link link, List<List<String>> tuples) {
        Fragment due = due(target, link, tuples);
        if (target.set().isEmpty()) {
            return due;
        }
        List<String> marks = IntStream.range(0, target.set().size())
                .mapToObj(n -> mark(target.set().get(n), n, link, tuples))
                .flatMap(Optional::stream)
                .toList();
        return marks.isEmpty()
                ? due
                : due.and(new Fragment("(" + String.join(" OR ", marks) + ")", assigned(target, link, tuples)));
    }

    /** Rows by what tells them apart, those excepted that meanwhile have to be kept. */
    Fragment found(Target target, List<List<String>> tuples) {
        Fragment found = dialect.among(target.handles().getFirst(), tuples, "found");
        return andDue(
                target,
                target.where()
                        .map(where -> found.and(Fragment.of("(" + where + "\n)")))
                        .orElse(found));
    }

    private Fragment andDue(Target target, Fragment rows) {
        return target.retention()
                .map(kept -> rows.and(new Fragment(dialect.isDue(kept.from()), bound(target))))
                .orElse(rows);
    }

    private Binding bound(Target target) {
        return statement -> target.retention()
                .ifPresent(kept -> statement.bind(
                        "due",
                        now.atOffset(ZoneOffset.UTC)
                                .minus(kept.retention().period())
                                .format(DATE_TIME)));
    }

    /** True of a row that does not look as if it had been anonymized; none where the new value can't be told. */
    private Optional<String> mark(Assignment assignment, int n, Link link, List<List<String>> tuples) {
        String column = assignment.column().sql();
        if (assignment.value().isForeseeable()) {
            return Optional.of(dialect.differ(column, value(assignment, n, link, tuples)));
        }
        return assignment.value().isRandom()
                ? Optional.empty()
                : Optional.of("(%s IS NOT NULL AND %s)"
                        .formatted(column, dialect.formless(dialect.text(assignment.column()), ":form" + n)));
    }

    /** The assignments of an {@code UPDATE}; those of the link's own columns last, as others are told by them. */
    String assignments(Target target, Link link, List<List<String>> tuples) {
        return IntStream.range(0, target.set().size())
                .boxed()
                .sorted((one, other) -> Boolean.compare(isOf(link, target, one), isOf(link, target, other)))
                .map(n -> target.set().get(n).column().sql() + " = "
                        + value(target.set().get(n), n, link, tuples))
                .collect(joining(", "));
    }

    private static boolean isOf(Link link, Target target, int n) {
        return link.columns().contains(target.set().get(n).column());
    }

    private String value(Assignment assignment, int n, Link link, List<List<String>> tuples) {
        if (assignment.value().isNull()) {
            return "NULL";
        }
        var pieces = new ArrayList<String>();
        for (int p = 0; p < assignment.value().parts().size(); p++) {
            pieces.add(
                    switch (assignment.value().parts().get(p)) {
                        case Part.Constant constant -> ":set%d_%d".formatted(n, p);
                        case Part.SubjectKey key -> keyOf(link, tuples).sql();
                        case Part.Hash hash -> dialect.hmac(dialect.text(assignment.column()));
                        case Part.Uuid uuid -> dialect.uuid();
                    });
        }
        return dialect.as(assignment.column(), pieces.size() == 1 ? pieces.getFirst() : dialect.concat(pieces));
    }

    /** Binds what assignments and marks are made of. */
    Binding assigned(Target target, Link link, List<List<String>> tuples) {
        return statement -> {
            for (int n = 0; n < target.set().size(); n++) {
                Replacement value = target.set().get(n).value();
                for (int p = 0; p < value.parts().size(); p++) {
                    if (value.parts().get(p) instanceof Part.Constant constant) {
                        statement.bind("set%d_%d".formatted(n, p), constant.text());
                    }
                }
                statement.bind("form" + n, value.form());
            }
            statement.bind("innerPad", pad(INNER)).bind("outerPad", pad(OUTER));
            if (target.set().stream().anyMatch(assignment -> assignment.value().namesSubject())) {
                keyOf(link, tuples).binding().bind(statement);
            }
        };
    }

    /** The pseudonym of a row's subject; of the first, if there are several. */
    private Fragment keyOf(Link link, List<List<String>> tuples) {
        Map<List<String>, Set<Integer>> known = owners.apply(link);
        List<String> subjects = tuples.stream()
                .map(tuple -> known.getOrDefault(tuple, Set.of()).stream()
                        .min(Integer::compare)
                        .map(keys)
                        .orElse(""))
                .toList();
        return dialect.keyOf(link, tuples, subjects, "looked");
    }

    /** The key of HMAC, padded and mixed (RFC 2104, section 2); the configuration sees to it that it is no longer. */
    private byte[] pad(byte with) {
        var padded = Arrays.copyOf(hashKey, BLOCK);
        for (int n = 0; n < BLOCK; n++) {
            padded[n] ^= with;
        }
        return padded;
    }
}
