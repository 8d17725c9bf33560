package dev.lethe.worker.store.mongodb;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.bson.BsonArray;
import org.bson.BsonDocument;
import org.bson.BsonValue;

/** Paths of fields as queries understand them: through the elements of arrays on the way, and into an array at the end. */
final class Paths {
    private Paths() {}

    /** The values that a query compares with. */
    static List<BsonValue> values(BsonValue from, String path) {
        var values = new ArrayList<BsonValue>();
        collect(from, path, values);
        return values;
    }

    private static void collect(BsonValue from, String path, List<BsonValue> values) {
        if (from instanceof BsonArray array) {
            array.stream().filter(BsonDocument.class::isInstance).forEach(element -> collect(element, path, values));
        } else if (from instanceof BsonDocument document) {
            int dot = path.indexOf('.');
            BsonValue value = document.get(dot < 0 ? path : path.substring(0, dot));
            if (value != null && dot < 0) {
                values.add(value);
                values.addAll(value instanceof BsonArray array ? array : List.of());
            } else if (value != null) {
                collect(value, path.substring(dot + 1), values);
            }
        }
    }

    /** Those of the paths that none of the others leads to: a projection takes no field twice. */
    static List<String> outermost(Collection<String> paths) {
        return paths.stream()
                .filter(path -> paths.stream().noneMatch(other -> path.startsWith(other + ".")))
                .toList();
    }
}
