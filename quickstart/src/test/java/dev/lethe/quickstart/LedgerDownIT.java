package dev.lethe.quickstart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.lethe.ingress.Ingress;
import dev.lethe.quickstart.sample.Person;
import dev.lethe.quickstart.sample.SampleDatabase;
import dev.lethe.quickstart.server.Frozen;
import dev.lethe.worker.app.Worker;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A ledger that hangs, and one that is dead: people are erased all the same, and it has them when it is back. */
@Tag("thorough")
class LedgerDownIT {
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    @TempDir
    Path folder;

    @Test
    void nobodyWaitsForALedgerThatHangsOrIsDead() throws Exception {
        try (var installation = new Installation(folder, 10, Progress.SILENT);
                Ingress ingress = installation.startIngress();
                Worker worker = installation.startWorker()) {
            Installation.awaitReady(ingress, worker);
            var api = new FusionAuthApi(installation.fusionAuth());
            List<Person> people = installation.people();

            try (LetheProcess ledger = ledger(installation)) {
                assertErased(installation, api, people.get(0));
                awaitCompleted(installation, 1);
                try (Frozen hanging = Frozen.freeze(List.of(ledger.handle().pid()))) {
                    assertErased(installation, api, people.get(1));
                    ledger.kill();
                }
            }
            assertErased(installation, api, people.get(2));
            assertThat(completed(installation)).isEqualTo(1);

            try (LetheProcess ledger = ledger(installation)) {
                awaitCompleted(installation, 3);
            }
        }
    }

    private static LetheProcess ledger(Installation installation) {
        return LetheProcess.start(
                        installation.directory().resolve("ledger.log"),
                        "ledger",
                        "--config",
                        installation.ledgerConfigFile().toString())
                .awaitReady(installation.ledgerManagementPort());
    }

    private static void assertErased(Installation installation, FusionAuthApi api, Person person) throws Exception {
        assertThat(api.deleteUser(person.id())).isEqualTo(200);
        await("nothing of the person is left anywhere")
                .atMost(PATIENCE)
                .until(() -> isNowhere(installation, person.id()));
    }

    private static boolean isNowhere(Installation installation, UUID person) throws SQLException {
        for (SampleDatabase database : installation.databases().values()) {
            if (!database.digestWithout(List.of()).equals(database.digestWithout(List.of(person)))) {
                return false;
            }
        }
        return true;
    }

    private static void awaitCompleted(Installation installation, int requests) {
        await("the ledger has it").atMost(PATIENCE).until(() -> completed(installation) == requests);
    }

    private static long completed(Installation installation) throws SQLException {
        try (Connection connection =
                        installation.postgres().dataSource("ledger").getConnection();
                Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery("select count(*) from request where status = 'completed'")) {
            result.next();
            return result.getLong(1);
        }
    }
}
