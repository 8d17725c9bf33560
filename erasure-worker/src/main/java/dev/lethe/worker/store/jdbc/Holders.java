package dev.lethe.worker.store.jdbc;

import dev.lethe.worker.store.HolderListing.Page;
import dev.lethe.worker.store.StoreUnavailableException;
import dev.lethe.worker.store.jdbc.Catalogue.Column;
import dev.lethe.worker.store.jdbc.ErasurePlan.Link;
import dev.lethe.worker.store.jdbc.ErasurePlan.Target;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Query;

/**
 * Lists the values of the columns that hold user ids, one column after the other, each in its own order. Rows that have to be
 * kept are no sign that somebody was forgotten, and are left out.
 */
final class Holders {
    private static final String USER_ID = "userId";

    private final Dialect dialect;
    private final List<Place> places;

    private record Place(Target target, Column column) {}

    Holders(ErasurePlan plan, Dialect dialect) throws StoreUnavailableException {
        this.dialect = dialect;
        this.places = plan.targets().stream()
                .filter(target -> target.retention().isEmpty())
                .flatMap(target -> target.links().stream()
                        .filter(link -> link instanceof Link.Identified identified
                                && identified.identifier().equals(USER_ID))
                        .map(link -> new Place(target, link.columns().getFirst())))
                .toList();
        if (places.isEmpty()) {
            throw new StoreUnavailableException(
                    "MISCONFIGURED",
                    "no column of its map holds the identifier " + USER_ID + ", so nobody can be listed");
        }
    }

    /** The place's number and the last value there, such as {@code 0:4f2a...}. */
    Page page(Handle handle, Optional<String> after, int most) {
        int place = after.map(text -> Integer.parseInt(text.substring(0, text.indexOf(':'))))
                .orElse(0);
        Optional<String> last =
                after.map(text -> text.substring(text.indexOf(':') + 1)).filter(text -> !text.isEmpty());
        List<String> userIds = read(handle, places.get(place), last, most);
        if (userIds.size() == most) {
            return new Page(userIds, Optional.of(place + ":" + userIds.getLast()));
        }
        return new Page(userIds, place + 1 < places.size() ? Optional.of(place + 1 + ":") : Optional.empty());
    }

    private List<String> read(Handle handle, Place place, Optional<String> after, int most) {
        String column = place.column().sql();
        Query query = handle.createQuery(
                "SELECT %s FROM (SELECT DISTINCT %s FROM %s WHERE %s IS NOT NULL%s%s ORDER BY %s LIMIT %d) AS lethe ORDER BY %s"
                        .formatted(
                                dialect.text(place.column()),
                                column,
                                place.target().table().sql(),
                                column,
                                place.target()
                                        .where()
                                        .map(where -> " AND (" + where + "\n)")
                                        .orElse(""),
                                after.isPresent()
                                        ? " AND %s > %s".formatted(column, dialect.as(place.column(), ":after"))
                                        : "",
                                column,
                                most,
                                column));
        after.ifPresent(last -> query.bind("after", last));
        return query.mapTo(String.class).list();
    }
}
