package dev.lethe.config;

import static dev.lethe.config.YamlConfig.yaml;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** Whatever somebody types into a configuration file is read or explained; nothing else is thrown. */
class ConfigTextTest {
    @Property
    void anyTextIsReadOrExplained(@ForAll("texts") String text) {
        assertReadOrExplained(text);
    }

    @Property
    void anyValueIsReadOrExplained(@ForAll("texts") String value) {
        assertReadOrExplained("it: " + value);
        assertReadOrExplained("it: [" + value + "]");
        assertReadOrExplained("it: {a: " + value + "}");
    }

    @Property
    void aQuotedTextIsReadAsItIs(@ForAll("printable") String text) throws Exception {
        String quoted = "'" + text.replace("'", "''") + "'";

        assertThat(yaml("it: " + quoted).text("it")).isEqualTo(text);
    }

    private static void assertReadOrExplained(String text) {
        try {
            assertThat(yaml(text).read(ConfigTextTest::everyKind).effective()).isNotEmpty();
        } catch (ConfigException explained) {
            assertThat(explained).hasMessageStartingWith("lethe.yaml:\n  ");
        }
    }

    private static List<Object> everyKind(Section section) {
        return List.of(
                section.has("it"),
                section.text("it", "x"),
                section.integer("it", 1, 0, 9),
                section.flag("it", true),
                section.path("it", "x"),
                section.texts("it"),
                section.textByName("it"));
    }

    @Provide
    Arbitrary<String> texts() {
        var syntax = Arbitraries.of(
                "it",
                ": ",
                "- ",
                "\n",
                "  ",
                "\t",
                "{",
                "}",
                "[",
                "]",
                ",",
                "'",
                "\"",
                "|",
                ">",
                "&a ",
                "*a",
                "!!int ",
                "? ",
                "#",
                "%",
                "---\n",
                "...\n",
                "<<",
                "~",
                "0123",
                "1e9",
                "${",
                "${A}",
                "${A:-b}",
                "${file:/x}",
                "${file:\0}",
                "\0",
                "😀");
        var noise = Arbitraries.strings().ofMaxLength(5);
        return Arbitraries.oneOf(syntax, syntax, noise).list().ofMaxSize(12).map(parts -> String.join("", parts));
    }

    @Provide
    Arbitrary<String> printable() {
        return Arbitraries.strings()
                .withCharRange('!', '~')
                .withCharRange('¡', 'ÿ')
                .ofMinLength(1)
                .filter(text -> !text.contains("${"));
    }
}
