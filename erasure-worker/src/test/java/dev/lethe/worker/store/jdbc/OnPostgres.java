package dev.lethe.worker.store.jdbc;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.jdbi.v3.core.Jdbi;

/** {@link Postgres} as tests of both dialects see it. */
final class OnPostgres implements SqlServer {
    private final Postgres postgres;

    OnPostgres(Path directory) {
        this.postgres = new Postgres(directory);
    }

    @Override
    public String dialect() {
        return "postgresql";
    }

    @Override
    public String url() {
        return postgres.url();
    }

    @Override
    public String username() {
        return "postgres";
    }

    @Override
    public String password() {
        return "postgres";
    }

    @Override
    public String schema() {
        return "public";
    }

    @Override
    public Jdbi admin() {
        return postgres.admin();
    }

    @Override
    public void recreate(String... schemas) {
        for (String schema : schemas) {
            execute("DROP SCHEMA IF EXISTS \"" + schema + "\" CASCADE", "CREATE SCHEMA \"" + schema + "\"");
        }
    }

    @Override
    public List<String> rows(String schema) {
        return postgres.rows(schema);
    }

    @Override
    public void kill() {
        postgres.kill();
    }

    @Override
    public void restart() {
        postgres.restart();
    }

    @Override
    public void close() throws IOException {
        postgres.close();
    }

    @Override
    public String toString() {
        return dialect();
    }
}
