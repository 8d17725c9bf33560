package dev.lethe.worker.store.jdbc;

import static java.util.stream.Collectors.toMap;
import static java.util.stream.Collectors.toSet;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What the store is compared with is right itself. */
@Tag("nightly")
class ReferenceIT {
    private static final int PEOPLE = 600;
    private static final int ERASED = 150;
    private static final Pattern WORD = Pattern.compile("[\\w@.+-]+");

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
    void nothingOfTheErasedIsLeftAndNothingOfOthersIsTouched(SqlServer server, Company company) throws Exception {
        long number = new Random().nextLong();
        var random = new Random(number);
        List<Person> people = Person.people(PEOPLE, random);
        Seed seed = company.found(server, people, number);
        Contents before = company.contents(server);
        Set<Person> erased = new HashSet<>(people.subList(0, ERASED));

        assertThat(seed.tables())
                .as("every table has rows")
                .allSatisfy(
                        table -> assertThat(seed.rowsWithout(table, Set.of())).isPositive());
        Reference reference = company.reference();
        company.on(server, handle -> {
            erased.forEach(person -> reference.erase(handle, person));
            return null;
        });

        Contents after = company.contents(server);
        assertThat(told(company, after, erased)).as("seed %d", number).isEmpty();
        assertThat(rows(company, server, after, seed))
                .as("rows of others by table, seed %d", number)
                .isEqualTo(expected(company, seed, erased));
        assertThat(changed(before, after, reference, company, server))
                .as("rows that are new or other than before, where nothing may change, seed %d", number)
                .isEmpty();
        assertThat(brokenKeys(server, company)).as("keys that lead nowhere").isZero();
        Set<String> again = company.on(
                server,
                handle -> erased.stream()
                        .flatMap(person -> reference.count(handle, person).alone().keySet().stream())
                        .collect(toSet()));
        assertThat(again)
                .as("what a second erasure finds, seed %d", number)
                .allMatch(item -> item.startsWith("retain "));
    }

    /** Rows that still have a word of somebody who is erased. */
    private static List<String> told(Company company, Contents contents, Set<Person> erased) {
        Set<String> words = erased.stream()
                .flatMap(person -> Stream.concat(
                        Stream.of(person.name(), person.username(), person.userId(), "" + person.customerNumber()),
                        person.emails().stream()))
                .map(word -> word.toLowerCase(Locale.ROOT))
                .collect(toSet());
        return contents.all()
                .filter(row -> !company.mayTell(row))
                .filter(row -> WORD.matcher(row)
                        .results()
                        .anyMatch(word -> words.contains(word.group().toLowerCase(Locale.ROOT))))
                .toList();
    }

    private static Map<String, Long> expected(Company company, Seed seed, Set<Person> erased) {
        return seed.tables().stream().collect(toMap(Function.identity(), table -> seed.rowsWithout(table, erased)));
    }

    private static Map<String, Long> rows(Company company, SqlServer server, Contents contents, Seed seed) {
        return seed.tables().stream().collect(toMap(Function.identity(), table ->
                (long) contents.of(qualified(company, server, table)).size()));
    }

    private static String qualified(Company company, SqlServer server, String table) {
        return table.contains(".") ? table : company.schemas(server).getFirst() + "." + table;
    }

    private static List<String> changed(
            Contents before, Contents after, Reference reference, Company company, SqlServer server) {
        Set<String> mayChange = Stream.concat(reference.changed().stream(), company.derived().stream())
                .map(table -> qualified(company, server, table))
                .collect(toSet());
        var changed = new ArrayList<String>();
        after.rows().forEach((table, rows) -> {
            if (mayChange.stream().noneMatch(table::startsWith)) {
                var left = new ArrayList<>(rows);
                before.of(table).forEach(left::remove);
                left.forEach(row -> changed.add(table + ": " + row));
            }
        });
        return changed;
    }

    /** Asked of every foreign key that the catalogue knows: rows whose key is whole and leads to no row. */
    private static long brokenKeys(SqlServer server, Company company) {
        List<ForeignKeys.ForeignKey> keys = ForeignKeys.of(server, company.schemas(server));
        return company.on(
                server,
                handle -> keys.stream()
                        .mapToLong(key -> handle.createQuery(key.orphans())
                                .mapTo(Long.class)
                                .one())
                        .sum());
    }
}
