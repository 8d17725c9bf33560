package dev.lethe.worker.store.jdbc;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;

/**
 * The erasure of one person as a file of SQL says it, which shares nothing with the store: what the store is compared with.
 *
 * <p>A comment before each statement says what its rows count as: {@code -- delete TARGET}, {@code -- anonymize TARGET},
 * {@code -- retain TARGET} (a query that counts), {@code -- detach TARGET} (a key of somebody else's row becomes NULL) or
 * {@code -- step}, which is nothing. {@code -- let NAME} keeps the ids that a query finds for <code>IN {NAME}</code>.
 * A statement with {@code :email} runs once for each e-mail address.
 */
final class Reference {
    private static final Pattern STATEMENT = Pattern.compile(
            "^-- (let|delete|anonymize|retain|detach|step) ?(.*)\n((?:(?!--).*\n?)+)", Pattern.MULTILINE);
    private static final Pattern BOUND = Pattern.compile(":([A-Za-z]+)");

    private record Statement(String kind, String target, String sql) {}

    private final List<Statement> statements = new ArrayList<>();

    Reference(String text) {
        Matcher matcher = STATEMENT.matcher(text);
        while (matcher.find()) {
            String sql = matcher.group(3).strip();
            statements.add(new Statement(matcher.group(1), matcher.group(2), sql.substring(0, sql.length() - 1)));
        }
    }

    /** Targets whose rows go, and only go. */
    List<String> deleted() {
        return statements.stream()
                .filter(statement -> statement.kind().equals("delete"))
                .map(Statement::target)
                .toList();
    }

    /** Targets of which rows stay, and are changed. */
    List<String> changed() {
        return statements.stream()
                .filter(statement ->
                        statement.kind().equals("anonymize") || statement.kind().equals("detach"))
                .map(Statement::target)
                .toList();
    }

    /** Erases a person, in a transaction of its own. */
    Counts erase(Handle handle, Person person) {
        return handle.inTransaction(transaction -> run(transaction, person));
    }

    /** What erasing a person would count, without doing it. */
    Counts count(Handle handle, Person person) {
        handle.begin();
        Counts counts = run(handle, person);
        handle.rollback();
        return counts;
    }

    private Counts run(Handle handle, Person person) {
        var ids = new LinkedHashMap<String, String>();
        var counts = new Counts();
        for (Statement statement : statements) {
            String sql = statement.sql();
            for (var list : ids.entrySet()) {
                sql = sql.replace("{" + list.getKey() + "}", list.getValue());
            }
            if (statement.kind().equals("let")) {
                ids.put(statement.target(), ids(handle, sql, person));
            } else {
                for (String email : sql.contains(":email") ? person.emails() : List.of("")) {
                    counts.add(
                            statement.kind(), statement.target(), rows(handle, statement.kind(), sql, person, email));
                }
            }
        }
        return counts;
    }

    private static String ids(Handle handle, String sql, Person person) {
        var ids = new ArrayList<String>();
        for (String email : sql.contains(":email") ? person.emails() : List.of("")) {
            var query = handle.createQuery(sql);
            ids.addAll(
                    query.bindMap(bound(sql, person, email)).mapTo(String.class).list());
        }
        return ids.stream()
                .distinct()
                .collect(Collectors.joining(", ", "(", ")"))
                .replace("()", "(NULL)");
    }

    private static long rows(Handle handle, String kind, String sql, Person person, String email) {
        Map<String, String> bound = bound(sql, person, email);
        return kind.equals("retain")
                ? handle.createQuery(sql).bindMap(bound).mapTo(Long.class).one()
                : handle.createUpdate(sql).bindMap(bound).execute();
    }

    private static Map<String, String> bound(String sql, Person person, String email) {
        return BOUND.matcher(sql)
                .results()
                .map(match -> match.group(1))
                .distinct()
                .collect(Collectors.toMap(name -> name, name -> switch (name) {
                    case "userId" -> person.userId();
                    case "email" -> email;
                    case "username" -> person.username();
                    case "customerNumber" -> Long.toString(person.customerNumber());
                    case "pseudonym" -> "deleted-" + person.key();
                    default -> throw new IllegalArgumentException(name);
                }));
    }

    /** How many items by what was done to them, such as {@code delete orders}; detached ones are anonymized. */
    static final class Counts {
        private final Map<String, Long> exactly = new TreeMap<>();
        private final Map<String, Long> detached = new TreeMap<>();

        private void add(String kind, String target, long rows) {
            if (rows > 0 && kind.equals("detach")) {
                detached.merge("anonymize " + target, rows, Long::sum);
            } else if (rows > 0 && !kind.equals("step")) {
                exactly.merge(kind + " " + target, rows, Long::sum);
            }
        }

        /** What an erasure of this person alone counts. */
        Map<String, Long> alone() {
            var all = new TreeMap<>(exactly);
            detached.forEach((item, rows) -> all.merge(item, rows, Long::sum));
            return all;
        }

        /** Rows that refer to this person and belong to others, who may be erased by the same batch. */
        Map<String, Long> detached() {
            return detached;
        }
    }
}
