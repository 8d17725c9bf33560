package dev.lethe.worker.store.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lethe.events.Subject;
import dev.lethe.events.SubjectKey;
import dev.lethe.worker.store.ErasureStore;
import dev.lethe.worker.store.StoreResult;
import java.io.IOException;
import java.nio.file.Files;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.Tag;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;

/** Whatever the schema: the store erases what a walk along the references says, counts it, and touches nothing else. */
class RandomSchemasIT {
    private static final List<String> PEOPLE = List.of("u1", "u2", "u3", "u4", "u5", "u6");
    private static final Erasing ERASING = Erasing.JDBC;

    private static SqlServer postgres;
    private static SqlServer mariaDb;

    @BeforeContainer
    static void start() throws IOException {
        postgres = new OnPostgres(Files.createTempDirectory("lethe-postgresql"));
        mariaDb = new MariaDb(Files.createTempDirectory("lethe-mariadb"));
    }

    @AfterContainer
    static void stop() throws IOException {
        postgres.close();
        mariaDb.close();
    }

    @Tag("thorough")
    @Property(tries = 25, shrinking = ShrinkingMode.OFF)
    void aRandomSchemaOnPostgresIsErasedAsItsReferencesSay(@ForAll long seed) throws Exception {
        erasedAsItsReferencesSay(postgres, new Random(seed));
    }

    @Tag("thorough")
    @Property(tries = 15, shrinking = ShrinkingMode.OFF)
    void aRandomSchemaOnMariaDbIsErasedAsItsReferencesSay(@ForAll long seed) throws Exception {
        erasedAsItsReferencesSay(mariaDb, new Random(seed));
    }

    @Tag("nightly")
    @Tag("thorough")
    @Property(tries = 150, shrinking = ShrinkingMode.OFF)
    void manyRandomSchemasOnPostgresAreErasedAsTheirReferencesSay(@ForAll long seed) throws Exception {
        erasedAsItsReferencesSay(postgres, new Random(seed));
    }

    @Tag("nightly")
    @Property(tries = 75, shrinking = ShrinkingMode.OFF)
    void manyRandomSchemasOnMariaDbAreErasedAsTheirReferencesSay(@ForAll long seed) throws Exception {
        erasedAsItsReferencesSay(mariaDb, new Random(seed));
    }

    private static void erasedAsItsReferencesSay(SqlServer server, Random random) throws Exception {
        var schema = new RandomSchema(server.dialect().equals("postgresql"), random);
        var rows = new RandomRows(schema, PEOPLE, random);
        fill(server, schema, rows);
        String map = schema.map(server.schema());

        try (ErasureStore store = ERASING.open(server, map)) {
            assertThat(store.plan().obstacles()).as("%s\n%s", schema, map).isEmpty();
            var counting = new Counted(store.plan());
            for (int batch = 0; batch < 2; batch++) {
                var subjects = new LinkedHashSet<String>();
                random.ints(1 + random.nextInt(3), 0, PEOPLE.size()).forEach(n -> subjects.add(PEOPLE.get(n)));
                List<StoreResult> results = store.erase(
                        subjects.stream().map(RandomSchemasIT::subject).toList());

                Map<String, RandomRows.Count> counts = rows.erase(subjects);
                List<String> left = server.admin().withHandle(handle -> RandomRows.text(handle, schema));
                assertThat(left)
                        .as("rows after %s were erased from\n%s\n%s", subjects, schema, map)
                        .isEqualTo(rows.text());
                var expected = List.copyOf(counts.values());
                for (int subject = 0; subject < expected.size(); subject++) {
                    assertCounted(counting.of(results.get(subject)), expected.get(subject), schema);
                }
            }
        }
    }

    private static void fill(SqlServer server, RandomSchema schema, RandomRows rows) throws Exception {
        server.recreate(server.schema());
        server.execute(schema.statements().toArray(String[]::new));
        boolean postgres = server.dialect().equals("postgresql");
        Handle handle = Jdbi.create(
                        server.url() + (postgres ? "?stringtype=unspecified" : ""),
                        server.username(),
                        server.password())
                .open();
        try (handle) {
            handle.execute(postgres ? "SET session_replication_role = replica" : "SET foreign_key_checks = 0");
            rows.flush(handle);
        }
    }

    private static void assertCounted(Map<String, Long> counted, RandomRows.Count expected, RandomSchema schema) {
        Map<String, Long> exactly = new TreeMap<>(counted);
        exactly.keySet().removeIf(item -> item.startsWith("anonymize "));
        assertThat(exactly).as("counted in\n%s", schema).isEqualTo(expected.exactly());
        Stream.concat(counted.keySet().stream(), expected.atLeast().keySet().stream())
                .filter(item -> item.startsWith("anonymize "))
                .forEach(item -> assertThat(counted.getOrDefault(item, 0L))
                        .as("%s counted in\n%s", item, schema)
                        .isBetween(
                                expected.atLeast().getOrDefault(item, 0L),
                                expected.atMost().getOrDefault(item, 0L)));
    }

    private static Subject subject(String userId) {
        return new Subject(new SubjectKey("%22s".formatted(userId).replace(' ', '0')), userId, null, Map.of());
    }
}
