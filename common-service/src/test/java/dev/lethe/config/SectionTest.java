package dev.lethe.config;

import static dev.lethe.config.YamlConfig.yaml;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Period;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** One key at a time: what its value may be, and what is said when it is something else. */
class SectionTest {
    private enum Mode {
        FAST,
        SINGLE_NODE
    }

    static Stream<Arguments> values() {
        return Stream.of(
                value("it: a b", section -> section.text("it"), "a b"),
                value("it: a", section -> section.text("it", "b"), "a"),
                value("{}", section -> section.text("it", "b"), "b"),
                value("it:", section -> section.text("it", "b"), "b"),
                value("it: ~", section -> section.optionalText("it").isPresent(), false),
                value("it: /x/y", section -> section.path("it", "z"), Path.of("/x/y")),
                value("{}", section -> section.optionalPath("it").isPresent(), false),
                value("it: 8080", section -> section.integer("it", 1, 0, 65_535), 8080),
                value("it: '0'", section -> section.integer("it", 1, 0, 65_535), 0),
                value("it: true", section -> section.flag("it", false), true),
                value("{}", section -> section.flag("it", true), true),
                value("it: PT1.5S", section -> section.duration("it", Duration.ZERO), Duration.ofMillis(1500)),
                value("it: P1M", section -> section.period("it", Period.ZERO), Period.ofMonths(1)),
                value("it: single-node", section -> section.choice("it", Mode.FAST), Mode.SINGLE_NODE),
                value("it: [a, b]", section -> section.texts("it"), List.of("a", "b")),
                value("it: a", section -> section.texts("it"), List.of("a")),
                value("{}", section -> section.texts("it"), List.of()),
                value("it: {a: x, b: y}", section -> section.textByName("it"), Map.of("a", "x", "b", "y")),
                value("{}", section -> section.textByName("it"), Map.of()));
    }

    @ParameterizedTest
    @MethodSource("values")
    void aValueIsReadAsItsType(String yaml, Function<Section, ?> reader, Object expected) throws Exception {
        assertThat(yaml(yaml).<Object>value(reader::apply)).isEqualTo(expected);
    }

    static Stream<Arguments> problems() {
        return Stream.of(
                value("{}", section -> section.text("it"), "it: is required"),
                value("it:", section -> section.secret("it"), "it: is required"),
                value("it: ''", section -> section.text("it"), "it: must not be empty"),
                value("it: '  '", section -> section.optionalSecret("it"), "it: must not be empty"),
                value("it: [a]", section -> section.text("it"), "it: must be a single value"),
                value("it: {a: b}", section -> section.texts("it"), "it: must be a single value"),
                value("it: [a, [b]]", section -> section.texts("it"), "it[1]: must be a single value"),
                value("it: [~]", section -> section.secrets("it"), "it[0]: must not be empty"),
                value("it: a", section -> section.section("it"), "it: must be a mapping"),
                value("it: [a]", section -> section.textByName("it"), "it: must be a mapping"),
                value("it: {a: b}", section -> section.sectionByName("it"), "it.a: must be a mapping"),
                value("it: 70000", section -> port(section), "it: must be between 0 and 65535"),
                value("it: -1", section -> port(section), "it: must be between 0 and 65535"),
                value("it: 80.5", section -> port(section), "it: must be a whole number"),
                value("it: 99999999999", section -> port(section), "it: must be a whole number"),
                value("it: yes", section -> section.flag("it", false), "it: must be true or false"),
                value("it: 30s", section -> duration(section), "it: must be a duration such as PT30S"),
                value("it: PT0S", section -> duration(section), "it: must be longer than nothing"),
                value("it: -PT1S", section -> duration(section), "it: must be longer than nothing"),
                value("it: 1M", section -> section.period("it", Period.ZERO), "it: must be a period such as P1M"),
                value("it: P-1D", section -> section.period("it", Period.ZERO), "it: must be longer than nothing"),
                value("it: slow", section -> section.choice("it", Mode.FAST), "it: must be one of fast, single-node"));
    }

    @ParameterizedTest
    @MethodSource("problems")
    void aWrongValueIsExplainedWithItsPath(String yaml, Function<Section, ?> reader, String problem) {
        assertThat(yaml(yaml).problems(reader)).containsExactly(problem);
    }

    /** YAML takes these for numbers and truth values; as passwords they are what they are. */
    @ParameterizedTest
    @ValueSource(
            strings = {"0123", "1_000", "1.10", "1e5", "0x1F", "yes", "NO", "1e999", "12:30:00", ".5", "+5", "a\"b"})
    void aTextIsReadAsItIsWritten(String text) throws Exception {
        assertThat(yaml("it: " + text)
                        .<String>value(section -> section.secret("it").reveal()))
                .isEqualTo(text);
    }

    @Test
    void everySectionKnowsItsPath() throws Exception {
        List<String> paths = yaml("stores: {shop-db: {tables: {}}, sessions: {}}")
                .value(section -> {
                    var stores = section.sectionByName("stores");
                    return List.of(
                            section.path(),
                            stores.get("shop-db").section("tables").path(),
                            stores.get("sessions").path());
                });

        assertThat(paths).containsExactly("", "stores.shop-db.tables", "stores.sessions");
    }

    @Test
    void aSectionThatIsNotThereReadsAsItsDefaults() throws Exception {
        assertThat(yaml("{}").<String>value(section -> section.section("http").text("host", "0.0.0.0")))
                .isEqualTo("0.0.0.0");
    }

    @Test
    void aKeyIsThereOnlyIfItHasAValue() throws Exception {
        assertThat(yaml("{a: 1, b: ~}")
                        .<List<Boolean>>value(section -> List.of(section.has("a"), section.has("b"), section.has("c"))))
                .containsExactly(true, false, false);
    }

    private static int port(Section section) {
        return section.integer("it", 1, 0, 65_535);
    }

    private static Duration duration(Section section) {
        return section.duration("it", Duration.ofSeconds(1));
    }

    private static Arguments value(String yaml, Function<Section, ?> reader, Object expected) {
        return Arguments.of(yaml, reader, expected);
    }
}
