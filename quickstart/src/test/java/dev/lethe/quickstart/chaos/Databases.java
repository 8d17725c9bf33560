package dev.lethe.quickstart.chaos;

import dev.lethe.quickstart.sample.Digest;
import dev.lethe.quickstart.sample.SampleDatabase;
import java.sql.SQLException;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;

/** What several databases hold, read back. */
final class Databases {
    private Databases() {}

    /** The rows of everybody but these people, by database and table. */
    static Map<String, Map<String, Digest>> without(Map<String, SampleDatabase> databases, Collection<UUID> people)
            throws SQLException {
        var digests = new LinkedHashMap<String, Map<String, Digest>>();
        for (Map.Entry<String, SampleDatabase> database : databases.entrySet()) {
            digests.put(database.getKey(), database.getValue().digestWithout(people));
        }
        return digests;
    }
}
