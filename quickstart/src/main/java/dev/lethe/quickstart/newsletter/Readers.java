package dev.lethe.quickstart.newsletter;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import javax.sql.DataSource;

/** The readers in the service's database, found by user id or e-mail address. */
final class Readers {
    static final List<String> TARGETS = List.of("readers", "subscriptions");

    private static final String THEIRS = "SELECT id FROM readers WHERE user_id = ANY (?) OR email = ANY (?)";

    private final DataSource database;

    Readers(DataSource database) {
        this.database = database;
    }

    /** What there is of each, by target. */
    List<Map<String, Long>> count(List<Asked> subjects) throws SQLException {
        try (Connection connection = database.getConnection()) {
            var counts = new ArrayList<Map<String, Long>>();
            for (Asked subject : subjects) {
                counts.add(count(connection, subject));
            }
            return counts;
        }
    }

    /**
     * Deletes them all or none, and says what there was of each before any was deleted. What has been done under an id is not done
     * again, and is answered as it was then. One request at a time, so that the same one does not overtake itself.
     */
    synchronized List<Map<String, Long>> erase(List<Asked> subjects) throws SQLException {
        try (Connection connection = database.getConnection()) {
            connection.setAutoCommit(false);
            var counts = new ArrayList<Map<String, Long>>();
            var undone = new LinkedHashMap<Asked, Map<String, Long>>();
            for (Asked subject : subjects) {
                Map<String, Long> answer = answered(connection, subject.id());
                if (answer.isEmpty()) {
                    answer = count(connection, subject);
                    undone.put(subject, answer);
                }
                counts.add(answer);
            }
            for (Asked subject : undone.keySet()) {
                remember(connection, subject.id(), undone.get(subject));
                delete(connection, "DELETE FROM subscriptions WHERE reader_id IN (" + THEIRS + ")", subject);
                delete(connection, "DELETE FROM readers WHERE id IN (" + THEIRS + ")", subject);
            }
            connection.commit();
            return counts;
        }
    }

    private static Map<String, Long> count(Connection connection, Asked subject) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement("""
                WITH theirs AS (%s)
                SELECT (SELECT count(*) FROM theirs) AS readers,
                       (SELECT count(*) FROM subscriptions WHERE reader_id IN (SELECT id FROM theirs)) AS subscriptions
                """.formatted(THEIRS))) {
            bind(select, subject);
            return counts(select);
        }
    }

    /** Empty if it has not been done. */
    private static Map<String, Long> answered(Connection connection, String id) throws SQLException {
        try (PreparedStatement select =
                connection.prepareStatement("SELECT readers, subscriptions FROM erasures WHERE id = ?")) {
            select.setString(1, id);
            return counts(select);
        }
    }

    private static Map<String, Long> counts(PreparedStatement select) throws SQLException {
        var counts = new LinkedHashMap<String, Long>();
        try (ResultSet row = select.executeQuery()) {
            if (row.next()) {
                for (String target : TARGETS) {
                    counts.put(target, row.getLong(target));
                }
            }
        }
        return counts;
    }

    private static void remember(Connection connection, String id, Map<String, Long> counts) throws SQLException {
        try (PreparedStatement insert = connection.prepareStatement(
                "INSERT INTO erasures (id, readers, subscriptions) VALUES (?, ?, ?) ON CONFLICT DO NOTHING")) {
            insert.setString(1, id);
            insert.setLong(2, counts.getOrDefault("readers", 0L));
            insert.setLong(3, counts.getOrDefault("subscriptions", 0L));
            insert.executeUpdate();
        }
    }

    private static void delete(Connection connection, String sql, Asked subject) throws SQLException {
        try (PreparedStatement delete = connection.prepareStatement(sql)) {
            bind(delete, subject);
            delete.executeUpdate();
        }
    }

    private static void bind(PreparedStatement statement, Asked subject) throws SQLException {
        Connection connection = statement.getConnection();
        statement.setArray(1, connection.createArrayOf("text", subject.userIds().toArray()));
        statement.setArray(2, connection.createArrayOf("text", subject.emails().toArray()));
    }
}
