package dev.lethe.worker.store.jdbc;

import java.io.IOException;
import java.util.List;
import org.jdbi.v3.core.Jdbi;

/** A real database server for tests that can be killed and brought back with what it held. */
interface SqlServer extends AutoCloseable {
    /** Its name as a folder of test resources spells it. */
    String dialect();

    /** Leads to {@link #schema()}; without credentials. */
    String url();

    /** The superuser's name; {@link #password()} goes with it. */
    String username();

    String password();

    /** Where unqualified names are: a schema on PostgreSQL, a database on MariaDB. */
    String schema();

    /** As the superuser, with statements taken as they are: no templates. */
    Jdbi admin();

    /** Drops the schemas with all that is in them and makes them anew, empty. */
    void recreate(String... schemas);

    /** Every row of every table of the schema, in an order of its own. */
    List<String> rows(String schema);

    /** Ends the server at once, as a power cut would. */
    void kill();

    /** Brings it back on the same port. */
    void restart();

    @Override
    void close() throws IOException;

    default void execute(String... statements) {
        admin().useHandle(handle -> List.of(statements).forEach(handle::execute));
    }

    default long number(String query) {
        return admin().withHandle(
                        handle -> handle.createQuery(query).mapTo(Long.class).one());
    }
}
