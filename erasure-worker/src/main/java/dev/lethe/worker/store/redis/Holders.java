package dev.lethe.worker.store.redis;

import dev.lethe.events.Subject;
import dev.lethe.worker.store.HolderListing.Page;
import dev.lethe.worker.store.StoreUnavailableException;
import dev.lethe.worker.store.Template;
import dev.lethe.worker.store.redis.Target.Kind;
import io.lettuce.core.ScanCursor;
import io.lettuce.core.output.KeyScanOutput;
import io.lettuce.core.output.MapScanOutput;
import io.lettuce.core.output.ScoredValueScanOutput;
import io.lettuce.core.output.ValueScanOutput;
import io.lettuce.core.protocol.CommandType;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Lists the user ids in the names of keys and in members of containers: a step of a SCAN for each page. Of a key that a template
 * can be read into in several ways, it takes one; what is no user id then is nobody to the identity provider. Streams are not
 * listed.
 */
final class Holders {
    private static final String BEGINNING = "0";

    private final List<Place> places;
    private final int count;

    /** A container, or all keys of one form. */
    private record Place(Target target, Pattern form) {}

    /** Where a page begins, such as {@code 1:0:4711}: the second place, the first primary, and Redis' own cursor. */
    private record Cursor(int place, int primary, String scan) {
        static Cursor of(String text) {
            String[] parts = text.split(":", 3);
            return new Cursor(Integer.parseInt(parts[0]), Integer.parseInt(parts[1]), parts[2]);
        }

        @Override
        public String toString() {
            return place + ":" + primary + ":" + scan;
        }
    }

    Holders(List<Target> targets, int count) throws StoreUnavailableException {
        this.count = count;
        this.places = targets.stream()
                .filter(target -> target.kind() != Kind.STREAM)
                .flatMap(target -> target.lookups().stream()
                        .filter(lookup -> lookup.template().identifiers().contains(Subject.USER_ID))
                        .map(lookup -> new Place(target, form(lookup.template()))))
                .toList();
        if (places.isEmpty()) {
            throw new StoreUnavailableException(
                    "MISCONFIGURED", "no key and no member of its map names {userId}, so nobody can be listed");
        }
    }

    private static Pattern form(Template template) {
        var regex = new StringBuilder();
        List<String> names = template.names();
        boolean found = false;
        for (int i = 0; i < template.literals().size(); i++) {
            if (i > 0) {
                boolean isUserId = names.get(i - 1).equals(Subject.USER_ID) && !found;
                found |= isUserId;
                regex.append(isUserId ? "(?<id>.+?)" : ".+?");
            }
            regex.append(Arrays.stream(template.literals().get(i).split("\\*", -1))
                    .map(piece -> Pattern.quote(Bytes.of(piece)))
                    .collect(Collectors.joining(".*")));
        }
        return Pattern.compile(regex.toString(), Pattern.DOTALL);
    }

    Page page(Session session, Optional<String> after)
            throws ExecutionException, TimeoutException, InterruptedException {
        Cursor cursor = after.map(Cursor::of).orElse(new Cursor(0, 0, BEGINNING));
        Place place = places.get(cursor.place());
        List<Session> primaries = place.target().isContainer() ? List.of(session) : session.primaries();
        Session primary = primaries.get(Math.min(cursor.primary(), primaries.size() - 1));
        var texts = new ArrayList<String>();
        String scan = scan(primary, place.target(), cursor.scan(), texts);
        return new Page(
                texts.stream().flatMap(text -> idIn(place, text).stream()).toList(),
                next(cursor, scan, primaries.size()).map(Cursor::toString));
    }

    private Optional<Cursor> next(Cursor cursor, String scan, int primaries) {
        if (!scan.equals(BEGINNING)) {
            return Optional.of(new Cursor(cursor.place(), cursor.primary(), scan));
        }
        if (cursor.primary() + 1 < primaries) {
            return Optional.of(new Cursor(cursor.place(), cursor.primary() + 1, BEGINNING));
        }
        return cursor.place() + 1 < places.size()
                ? Optional.of(new Cursor(cursor.place() + 1, 0, BEGINNING))
                : Optional.empty();
    }

    /** One step. Answers the cursor of the next, which is {@value #BEGINNING} if there is none. */
    private String scan(Session session, Target target, String cursor, List<String> texts)
            throws ExecutionException, TimeoutException, InterruptedException {
        String most = Integer.toString(count);
        return switch (target.kind()) {
            case KEY, PATTERN ->
                read(
                        session.ask(Session.keyless(
                                CommandType.SCAN,
                                new KeyScanOutput<>(Bytes.CODEC),
                                cursor,
                                "MATCH",
                                glob(target),
                                "COUNT",
                                most)),
                        found -> found.getKeys(),
                        texts);
            case HASH ->
                read(
                        session.ask(Session.command(
                                CommandType.HSCAN,
                                new MapScanOutput<>(Bytes.CODEC),
                                Bytes.of(target.name()),
                                cursor,
                                "COUNT",
                                most)),
                        found -> List.copyOf(found.getMap().keySet()),
                        texts);
            case SET ->
                read(
                        session.ask(Session.command(
                                CommandType.SSCAN,
                                new ValueScanOutput<>(Bytes.CODEC),
                                Bytes.of(target.name()),
                                cursor,
                                "COUNT",
                                most)),
                        found -> found.getValues(),
                        texts);
            case SORTED_SET ->
                read(
                        session.ask(Session.command(
                                CommandType.ZSCAN,
                                new ScoredValueScanOutput<>(Bytes.CODEC),
                                Bytes.of(target.name()),
                                cursor,
                                "COUNT",
                                most)),
                        found -> found.getValues().stream()
                                .map(member -> member.getValue())
                                .toList(),
                        texts);
            case STREAM -> throw new IllegalStateException("not a place");
        };
    }

    private static <C extends ScanCursor> String read(
            @Nullable C found, Function<C, List<String>> texts, List<String> all) {
        if (found == null) {
            return BEGINNING;
        }
        all.addAll(texts.apply(found));
        return found.isFinished() ? BEGINNING : found.getCursor();
    }

    /** Finds every key of the form, and perhaps more. */
    private static String glob(Target target) {
        String start = target.lookups().getFirst().template().prefix();
        int any = start.indexOf('*');
        return KeyPattern.escaped(Bytes.of(any < 0 ? start : start.substring(0, any))) + "*";
    }

    private static Optional<String> idIn(Place place, String text) {
        Matcher matcher = place.form().matcher(text);
        return matcher.matches()
                ? Optional.of(
                        new String(matcher.group("id").getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8))
                : Optional.empty();
    }
}
