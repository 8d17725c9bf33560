package dev.lethe.worker.store.redis;

import dev.lethe.worker.store.StoreUnavailableException;
import dev.lethe.worker.store.redis.Batch.Trace;
import io.lettuce.core.KeyScanCursor;
import io.lettuce.core.output.KeyScanOutput;
import io.lettuce.core.output.NestedMultiOutput;
import io.lettuce.core.output.StatusOutput;
import io.lettuce.core.protocol.AsyncCommand;
import io.lettuce.core.protocol.CommandType;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Looks around in a Redis, page by page where there is much to see. */
final class Keyspace {
    /** What TYPE says where there is no such key. */
    static final String NONE = "none";

    private static final String ENTRIES = "1000";

    private final Session session;

    Keyspace(Session session) {
        this.session = session;
    }

    interface Page<T> {
        /** @return whether to go on */
        boolean see(List<T> page) throws ExecutionException, TimeoutException, InterruptedException;
    }

    /** The types of the containers, in one round trip. */
    Map<Target, String> types(List<Target> targets) throws ExecutionException, TimeoutException, InterruptedException {
        var commands = new LinkedHashMap<Target, AsyncCommand<String, String, String>>();
        targets.stream()
                .filter(Target::isContainer)
                .forEach(target -> commands.put(
                        target,
                        Session.command(CommandType.TYPE, new StatusOutput<>(Bytes.CODEC), Bytes.of(target.name()))));
        session.ask(List.copyOf(commands.values()));
        var types = new LinkedHashMap<Target, String>();
        for (var command : commands.entrySet()) {
            types.put(command.getKey(), Objects.requireNonNullElse(Session.value(command.getValue()), NONE));
        }
        return types;
    }

    /** What is wrong with the types of the containers; one that is not there is empty. */
    static List<String> problems(Map<Target, String> types) {
        return types.entrySet().stream()
                .filter(found -> !found.getValue().equals(NONE)
                        && !found.getValue().equals(found.getKey().kind().type()))
                .map(found -> "\"%s\" is of type %s and not %s: correct its name, or map it as what it is"
                        .formatted(
                                found.getKey().name(),
                                found.getValue(),
                                found.getKey().kind().type()))
                .toList();
    }

    /** Refuses to go on where a container is something else: half of a batch would be done before Redis says so. */
    void requireTypes(List<Target> targets)
            throws StoreUnavailableException, ExecutionException, TimeoutException, InterruptedException {
        List<String> problems = problems(types(targets));
        if (!problems.isEmpty()) {
            throw new StoreUnavailableException("MISCONFIGURED", String.join("; ", problems));
        }
    }

    /** All keys that the glob matches, of every primary; some perhaps twice. */
    void keys(String glob, int count, Page<String> page)
            throws ExecutionException, TimeoutException, InterruptedException {
        for (Session primary : session.primaries()) {
            KeyScanCursor<String> cursor = null;
            do {
                cursor = primary.ask(Session.keyless(
                        CommandType.SCAN,
                        new KeyScanOutput<>(Bytes.CODEC),
                        cursor == null ? "0" : cursor.getCursor(),
                        "MATCH",
                        glob,
                        "COUNT",
                        Integer.toString(count)));
            } while (cursor != null && page.see(cursor.getKeys()) && !cursor.isFinished());
        }
    }

    /** An entry of a stream: a field may be there more than once. */
    record Entry(String id, List<Trace> fields) {}

    /** All entries of a stream, by XRANGE from the first or by XREVRANGE from the last. */
    void entries(CommandType range, String stream, Page<Entry> page)
            throws ExecutionException, TimeoutException, InterruptedException {
        boolean forwards = range == CommandType.XRANGE;
        String from = forwards ? "-" : "+";
        List<Entry> entries;
        do {
            entries = entries(session.ask(Session.command(
                    range,
                    new NestedMultiOutput<>(Bytes.CODEC),
                    stream,
                    from,
                    forwards ? "+" : "-",
                    "COUNT",
                    ENTRIES)));
            from = entries.isEmpty() ? from : "(" + entries.getLast().id();
        } while (!entries.isEmpty() && page.see(entries));
    }

    private static List<Entry> entries(@Nullable List<Object> reply) {
        return reply == null
                ? List.of()
                : reply.stream()
                        .map(entry -> (List<?>) entry)
                        .map(entry -> new Entry((String) entry.get(0), fields((List<?>) entry.get(1))))
                        .collect(Collectors.toList());
    }

    private static List<Trace> fields(List<?> texts) {
        var fields = new ArrayList<Trace>();
        for (int i = 0; i + 1 < texts.size(); i += 2) {
            fields.add(new Trace((String) texts.get(i), (String) texts.get(i + 1)));
        }
        return fields;
    }
}
