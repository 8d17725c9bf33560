package dev.lethe.worker.store.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatException;

import java.nio.file.Path;
import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The MariaDB that the tests of the store stand on. */
@Tag("nightly")
class MariaDbIT {
    @Test
    void killedAndBroughtBackItHoldsWhatWasCommitted(@TempDir Path directory) throws Exception {
        try (var mariaDb = new MariaDb(directory)) {
            String url = mariaDb.url();
            mariaDb.execute("CREATE TABLE notes (id int PRIMARY KEY, text varchar(20))");
            mariaDb.execute("INSERT INTO notes VALUES (2, 'kept'), (1, NULL)");
            mariaDb.admin().useHandle(handle -> {
                handle.begin();
                handle.execute("INSERT INTO notes VALUES (3, 'open')");
                mariaDb.kill();
                assertThatException().isThrownBy(() -> handle.execute("SELECT 1"));
            });

            mariaDb.restart();

            assertThat(mariaDb.url()).isEqualTo(url);
            assertThat(mariaDb.rows("shop")).containsExactly("notes(1,null)", "notes(2,kept)");
        }
    }

    @Test
    void itIsDurableListensOnLoopbackAndKnowsItsUsers(@TempDir Path directory) throws Exception {
        try (var mariaDb = new MariaDb(directory)) {
            assertThat(mariaDb.number("SELECT @@innodb_flush_log_at_trx_commit"))
                    .isEqualTo(1);
            assertThat(mariaDb.number("SELECT @@bind_address = '127.0.0.1' AND version() LIKE '11.4.%'"))
                    .isEqualTo(1);
            assertThatException()
                    .isThrownBy(() ->
                            Jdbi.create(mariaDb.url(), "stranger", "").useHandle(handle -> handle.execute("SELECT 1")));
        }
    }
}
