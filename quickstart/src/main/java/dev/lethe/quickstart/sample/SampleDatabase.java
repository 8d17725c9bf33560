package dev.lethe.quickstart.sample;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;
import javax.sql.DataSource;

/** A PostgreSQL database with rows of people, which can say what it holds of whom. */
public abstract sealed class SampleDatabase implements SampleStore
        permits ShopDatabase, SupportDatabase, NewsletterDatabase {

    /**
     * @param source the table as {@code t}, joined with what is needed to know whose row it is
     * @param owner the person's id in that join
     */
    record Table(String name, String source, String owner) {}

    private final DataSource dataSource;
    private final List<Table> tables;

    SampleDatabase(DataSource dataSource, List<Table> tables) {
        this.dataSource = dataSource;
        this.tables = tables;
    }

    /** The tables' names, parents first. */
    public final List<String> tables() {
        return tables.stream().map(Table::name).toList();
    }

    /** Creates tables and indexes that are not there. */
    public final void create() throws SQLException {
        try (Connection connection = dataSource.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute(schema());
        }
    }

    /** Adds rows of those people of whom there are none, in one statement. */
    public final void fill(List<Person> people) throws SQLException {
        try (Connection connection = dataSource.getConnection();
                PreparedStatement insert = connection.prepareStatement(insertion());
                Statement analyze = connection.createStatement()) {
            insert.setArray(1, connection.createArrayOf("uuid", column(people, Person::id)));
            insert.setArray(2, connection.createArrayOf("text", column(people, Person::email)));
            insert.setArray(3, connection.createArrayOf("text", column(people, Person::fullName)));
            insert.setArray(4, connection.createArrayOf("text", column(people, Person::phone)));
            insert.execute();
            analyze.execute("ANALYZE");
        }
    }

    /** How many rows each table has of the person. */
    public final Map<String, Long> rowsOf(UUID person) throws SQLException {
        return perTable(
                table -> "SELECT count(*) FROM %s WHERE %s = ANY(?)".formatted(table.source(), table.owner()),
                List.of(person),
                row -> {
                    row.next();
                    return row.getLong(1);
                });
    }

    @Override
    public final Map<String, Long> itemsOf(UUID person) throws SQLException {
        return rowsOf(person);
    }

    @Override
    public final Map<String, Digest> digestWithout(Collection<UUID> people) throws SQLException {
        return perTable(table -> """
                        SELECT count(*),
                               encode(sha256(convert_to(coalesce(string_agg(t::text, E'\\n' ORDER BY t.id), ''), 'UTF8')), 'hex')
                        FROM %s WHERE %s <> ALL(?)
                        """.formatted(table.source(), table.owner()), people, row -> {
            row.next();
            return new Digest(row.getLong(1), row.getString(2));
        });
    }

    /** The rows themselves, as text, in the order of their ids: for a test to show where digests differ. */
    public final Map<String, List<String>> rowsWithout(Collection<UUID> people) throws SQLException {
        return perTable(
                table -> "SELECT t::text FROM %s WHERE %s <> ALL(?) ORDER BY t.id"
                        .formatted(table.source(), table.owner()),
                people,
                row -> {
                    List<String> rows = new ArrayList<>();
                    while (row.next()) {
                        rows.add(row.getString(1));
                    }
                    return rows;
                });
    }

    /** DDL that may run again. */
    abstract String schema();

    /** Takes arrays of ids, e-mail addresses, names and phone numbers. */
    abstract String insertion();

    private interface Reader<T> {
        T read(ResultSet row) throws SQLException;
    }

    private <T> Map<String, T> perTable(Function<Table, String> sql, Collection<UUID> people, Reader<T> reader)
            throws SQLException {
        Map<String, T> results = new LinkedHashMap<>();
        try (Connection connection = dataSource.getConnection()) {
            for (Table table : tables) {
                try (PreparedStatement select = connection.prepareStatement(sql.apply(table))) {
                    select.setArray(1, connection.createArrayOf("uuid", people.toArray()));
                    try (ResultSet row = select.executeQuery()) {
                        results.put(table.name(), reader.read(row));
                    }
                }
            }
        }
        return results;
    }

    private static Object[] column(List<Person> people, Function<Person, Object> column) {
        return people.stream().map(column).toArray();
    }
}
