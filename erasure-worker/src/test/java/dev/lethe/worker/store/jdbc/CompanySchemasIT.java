package dev.lethe.worker.store.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lethe.events.Subject;
import dev.lethe.worker.store.ErasureStore;
import dev.lethe.worker.store.Remaining;
import dev.lethe.worker.store.StoreResult;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Schemas as companies have them are erased as a file of SQL, written by hand for each, says they should be. */
@Tag("nightly")
class CompanySchemasIT {
    private static final int PEOPLE = 1000;
    private static final int ERASED = 500;
    private static final int[] BATCHES = {1, 1, 2, 10, 50, 100};
    private static final Erasing ERASING = Erasing.JDBC;

    private static SqlServer postgres;
    private static SqlServer mariaDb;

    @BeforeAll
    static void start(@TempDir Path directory) {
        postgres = new OnPostgres(directory.resolve("postgresql"));
        mariaDb = new MariaDb(directory.resolve("mariadb"));
    }

    @AfterAll
    static void stop() throws Exception {
        postgres.close();
        mariaDb.close();
    }

    static Stream<Arguments> everyCompany() {
        return Company.all().stream()
                .flatMap(company -> Stream.of(Arguments.of(postgres, company), Arguments.of(mariaDb, company)));
    }

    @ParameterizedTest(name = "{1} on {0}", autoCloseArguments = false)
    @MethodSource("everyCompany")
    void whatIsErasedWhatStaysAndWhatIsCountedIsWhatTheReferenceSays(SqlServer server, Company company)
            throws Exception {
        long number = new Random().nextLong();
        var random = new Random(number);
        List<Person> people = Person.people(PEOPLE, random);
        List<List<Person>> batches = batches(people, random);
        company.found(server, people, number);
        Contents before = company.contents(server);
        List<Map<Person, Reference.Counts>> counts = eraseByReference(server, company, batches);
        List<String> expected = comparable(company, company.contents(server));

        company.found(server, people, number);
        assertThat(company.contents(server).toString())
                .as("the same seed fills the same, %d", number)
                .isEqualTo(before.toString());
        try (ErasureStore store = ERASING.open(server, company.map(server))) {
            assertThat(store.plan().obstacles()).isEmpty();
            for (int batch = 0; batch < batches.size(); batch++) {
                assertCounted(erase(store, batches.get(batch)), counts.get(batch), number);
            }

            assertThat(comparable(company, company.contents(server)))
                    .as("all rows of all tables, seed %d", number)
                    .isEqualTo(expected);
            assertNothingRemains(store, batches, number);
        }
    }

    /** In an order of its own, each person once. */
    private static List<List<Person>> batches(List<Person> people, Random random) {
        var shuffled = new ArrayList<>(people);
        Collections.shuffle(shuffled, random);
        var batches = new ArrayList<List<Person>>();
        for (int first = 0; first < ERASED; first += batches.getLast().size()) {
            int size = BATCHES[random.nextInt(BATCHES.length)];
            batches.add(List.copyOf(shuffled.subList(first, Math.min(first + size, ERASED))));
        }
        return batches;
    }

    /** Counts each person of a batch alone, as an item of several counts for each, and then erases them all. */
    private static List<Map<Person, Reference.Counts>> eraseByReference(
            SqlServer server, Company company, List<List<Person>> batches) {
        Reference reference = company.reference();
        return company.on(server, handle -> {
            var counts = new ArrayList<Map<Person, Reference.Counts>>();
            for (List<Person> batch : batches) {
                var alone = new LinkedHashMap<Person, Reference.Counts>();
                batch.forEach(person -> alone.put(person, reference.count(handle, person)));
                batch.forEach(person -> reference.erase(handle, person));
                counts.add(alone);
            }
            return counts;
        });
    }

    private static List<String> comparable(Company company, Contents contents) {
        return contents.all().map(company::comparable).sorted().toList();
    }

    private static Map<Person, Map<String, Long>> erase(ErasureStore store, List<Person> batch) throws Exception {
        List<StoreResult> results =
                store.erase(batch.stream().map(Person::subject).toList());
        assertThat(results).hasSameSizeAs(batch);
        var counting = new Counted(store.plan());
        var counted = new LinkedHashMap<Person, Map<String, Long>>();
        for (int subject = 0; subject < batch.size(); subject++) {
            counted.put(batch.get(subject), counting.of(results.get(subject)));
        }
        return counted;
    }

    /**
     * Exactly, with one exception: a row that would be detached from one person of a batch and goes with another one of the
     * same batch may count for both or for the latter alone.
     */
    private static void assertCounted(
            Map<Person, Map<String, Long>> counted, Map<Person, Reference.Counts> counts, long number) {
        counts.forEach((person, expected) -> {
            Map<String, Long> actual = counted.get(person);
            if (counts.size() > 1) {
                actual = new TreeMap<>(actual);
                for (var detached : expected.detached().entrySet()) {
                    long most = expected.alone().get(detached.getKey());
                    long items = actual.getOrDefault(detached.getKey(), 0L);
                    assertThat(items)
                            .as("%s of %s, seed %d", detached.getKey(), person, number)
                            .isBetween(most - detached.getValue(), most);
                    actual.put(detached.getKey(), most);
                }
            }
            assertThat(actual)
                    .as("what is counted for %s of a batch of %d, seed %d", person, counts.size(), number)
                    .isEqualTo(expected.alone());
        });
    }

    private static void assertNothingRemains(ErasureStore store, List<List<Person>> batches, long number)
            throws Exception {
        List<Person> erased = batches.stream().flatMap(List::stream).toList();
        List<Subject> subjects = erased.stream().map(Person::subject).toList();
        List<Remaining> remaining = store.count(subjects);
        for (int subject = 0; subject < subjects.size(); subject++) {
            assertThat(remaining.get(subject).items())
                    .as("what is left of %s, seed %d", erased.get(subject), number)
                    .allSatisfy((target, items) -> {
                        if (!target.endsWith("invoices")) {
                            assertThat(items).as(target).isZero();
                        }
                    });
        }
        var counting = new Counted(store.plan());
        for (StoreResult again : store.erase(subjects)) {
            assertThat(counting.of(again).keySet())
                    .as("what a second erasure finds, seed %d", number)
                    .allMatch(item -> item.startsWith("retain "));
        }
    }
}
