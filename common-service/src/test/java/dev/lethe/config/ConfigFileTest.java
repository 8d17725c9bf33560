package dev.lethe.config;

import static dev.lethe.config.YamlConfig.yaml;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ConfigFileTest {
    private record Database(String url, Optional<Secret> password, int pool) {
        static Database read(Section section) {
            var database = section.section("database");
            return new Database(
                    database.text("url"), database.optionalSecret("password"), database.integer("poolSize", 5, 1, 50));
        }
    }

    @TempDir
    private Path folder;

    @Test
    void allProblemsAreReportedAtOnceWithTheirPaths() {
        String text = """
                database:
                  password: ${DATABASE_PASSWORD}
                  poolSize: 500
                  pool-size: 5
                databse: {}
                """;

        assertThat(yaml(text).problems(Database::read))
                .containsExactly(
                        "database.url: is required",
                        "database.password: the environment variable DATABASE_PASSWORD is not set",
                        "database.poolSize: must be between 1 and 50",
                        "databse: unknown key, did you mean \"database\"?",
                        "database.pool-size: unknown key, did you mean \"poolSize\"?");
    }

    @Test
    void theMessageBeginsWithTheFile() {
        assertThatExceptionOfType(ConfigException.class)
                .isThrownBy(() -> yaml("ur1: 1").read(section -> section.text("url")))
                .withMessage("lethe.yaml:\n  url: is required\n  ur1: unknown key, did you mean \"url\"?");
    }

    @Test
    void anUnknownKeyThatIsLikeNoneNamesThoseThatThereAre() {
        assertThat(yaml("{database: {url: x, compression: lz4}}").problems(Database::read))
                .containsExactly("database.compression: unknown key, known are url, password, poolSize");
    }

    @Test
    void aCheckOfTheServiceIsAProblemLikeAnyOther() {
        assertThat(yaml("a: 1").problems(section -> {
                    section.problem("a", "must not be odd");
                    return section.text("a");
                }))
                .containsExactly("a: must not be odd");
    }

    @Test
    void aCheckThatAStandInTripsIsNotReportedBesidesItsCause() {
        assertThat(yaml("{}").problems(section -> {
                    if (section.text("url").isEmpty()) {
                        throw new IllegalArgumentException("an empty url");
                    }
                    return "";
                }))
                .containsExactly("url: is required");
    }

    @Test
    void aCheckThatFailsOnItsOwnIsReported() {
        assertThat(yaml("{}").problems(section -> {
                    throw new IllegalArgumentException("the least must not exceed the most");
                }))
                .containsExactly("the least must not exceed the most");
    }

    @ParameterizedTest
    @CsvSource({
        "${HOST}, db",
        "jdbc://${HOST}/${HOST}, jdbc://db/db",
        "${HOST:-other}, db",
        "${PORT:-5432}, 5432",
        "${PORT:-}x, x",
        "${PORT:-a:-b}, a:-b",
        "$HOST, $HOST",
        "a$1\\2, a$1\\2"
    })
    void referencesAreFilled(String value, String filled) throws Exception {
        assertThat(yaml("it: " + value).with("HOST", "db").text("it")).isEqualTo(filled);
    }

    @Test
    void theDefaultStandsInForAnEmptyVariableAsInAShell() throws Exception {
        assertThat(yaml("it: ${HOST:-db}").with("HOST", "").text("it")).isEqualTo("db");
    }

    @Test
    void whatAVariableHoldsIsNotFilledAgain() throws Exception {
        assertThat(yaml("it: ${A}").with("A", "${B}\\$1").text("it")).isEqualTo("${B}\\$1");
    }

    @Test
    void aFilesContentCountsWithoutItsLineBreak() throws Exception {
        Path secret = Files.writeString(folder.resolve("secret"), "hunter2\n");

        assertThat(yaml("it: ${file:" + secret + "}").text("it")).isEqualTo("hunter2");
    }

    @Test
    void aReferenceThatLeadsNowhereIsAProblem() {
        assertThat(yaml("it: ${file:/not/there}").problems(section -> section.text("it")))
                .containsExactly("it: the file /not/there can't be read");
        assertThat(yaml("it: ${A}").with("A", "").problems(section -> section.text("it")))
                .containsExactly("it: must not be empty");
        assertThat(yaml("it: ${a b}").problems(section -> section.text("it")))
                .containsExactly("it: ${a b} is neither ${NAME}, ${NAME:-default} nor ${file:PATH}");
    }

    @Test
    void everyValueInForceIsListedWithItsSource() throws Exception {
        String text = "{database: {url: 'jdbc://${HOST}/${NAME:-shop}', password: s3cret}}";

        var file = yaml(text).with("HOST", "db").read(Database::read);

        assertThat(file.effective())
                .containsExactly(
                        "database.url = jdbc://db/shop  (${HOST})",
                        "database.password = ***  (file)",
                        "database.poolSize = 5  (default)");
    }

    @Test
    void aSecretIsRevealedOnDemandAndPrintsNowhere() throws Exception {
        var file = yaml("database: {url: x, password: '${PASSWORD}'}")
                .with("PASSWORD", "s3cret")
                .read(Database::read);

        assertThat(file.config().password().orElseThrow().reveal()).isEqualTo("s3cret");
        assertThat(file.effective()).contains("database.password = ***  (${PASSWORD})");
        assertThat(file.toString()).doesNotContain("s3cret");
    }

    @Test
    void problemsRepeatNoValue() {
        String text = "{a: [s3cret], b: s3cret, c: s3cret, d: s3cret, e: {x: s3cret}}";

        assertThat(yaml(text)
                        .problems(section -> List.of(
                                section.secret("a"),
                                section.integer("b", 1, 1, 1),
                                section.flag("c", true),
                                section.section("d"),
                                section.secrets("e"))))
                .hasSize(5)
                .noneMatch(problem -> problem.contains("s3cret"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "a: b: c     | not YAML (line 1, column 5)",
                "a: [1, 2    | not YAML (line 1, column 9)",
                "[a, b]      | must be a mapping",
                "a           | must be a mapping",
                "{a: 1, a: 2}| not YAML (line 1, column 9)"
            })
    void whatIsNoMappingIsRefusedWithItsPlace(String text, String problem) {
        assertThat(yaml(text).problems(section -> section.text("a", ""))).containsExactly(problem);
    }

    @Test
    void aSecondDocumentIsRefusedRatherThanIgnored() {
        assertThat(yaml("a: 1\n---\na: 2\n").problems(section -> section.text("a")))
                .containsExactly("must be a single YAML document");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "~", "# all by default\n", "---\n"})
    void anEmptyFileIsAllDefaults(String text) throws Exception {
        assertThat(yaml(text).<String>value(section -> section.text("a", "default")))
                .isEqualTo("default");
    }

    @Test
    void aFileIsReadFromDisk() throws Exception {
        Path file = Files.writeString(folder.resolve("lethe.yaml"), "database: {url: x}");

        assertThat(ConfigFile.load(file, Map.of(), Database::read).config())
                .isEqualTo(new Database("x", Optional.empty(), 5));
    }

    @Test
    void aMissingFileIsRefusedWithWhatToDo() {
        Path file = folder.resolve("lethe.yaml");

        assertThatExceptionOfType(ConfigException.class)
                .isThrownBy(() -> ConfigFile.load(file, Map.of(), Database::read))
                .withMessage(file + ":\n  the file can't be read; name it with --config FILE");
    }
}
