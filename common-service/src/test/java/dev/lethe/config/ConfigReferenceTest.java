package dev.lethe.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

class ConfigReferenceTest {
    private enum Mode {
        FAST,
        SINGLE_NODE
    }

    @Test
    void aKeyHasItsPathFormAndDefault() throws Exception {
        assertThat(reference(
                                "http: { port: 1, mode: fast, wait: PT1S, name: a, password: b, file: c, flag: true }",
                                file -> {
                                    Section http = file.section("http");
                                    http.integer("port", 8080, 0, 65_535);
                                    http.choice("mode", Mode.SINGLE_NODE);
                                    http.duration("wait", Duration.ofSeconds(3));
                                    http.text("name");
                                    http.optionalSecret("password");
                                    http.path("file", "keys.json");
                                    return http.flag("flag", false);
                                })
                        .keys())
                .containsExactly(
                        key("http.port", "whole number, 0 to 65535", "8080"),
                        key("http.mode", "one of fast, single-node", "single-node"),
                        key("http.wait", "duration", "PT3S"),
                        new ConfigKey("http.name", "text", true, Optional.empty()),
                        key("http.password", "secret", null),
                        key("http.file", "file", "keys.json"),
                        key("http.flag", "true or false", "false"));
    }

    @Test
    void namesThatAreChosenAreOneKey() throws Exception {
        assertThat(reference("stores: { a: { url: x }, b: { url: y, tags: { c: d } } }", file -> {
                            file.sectionByName("stores").values().forEach(store -> {
                                store.text("url");
                                store.textByName("tags");
                            });
                            return 0;
                        })
                        .keys())
                .containsExactly(
                        new ConfigKey("stores.NAME.url", "text", true, Optional.empty()),
                        key("stores.NAME.tags.NAME", "text", null));
    }

    @Test
    void aKeyThatIsAskedForBeforeTheNamesIsNoName() throws Exception {
        assertThat(reference("kafka: { servers: a, linger: 5 }", file -> {
                            Section kafka = file.section("kafka");
                            kafka.text("servers", "b");
                            return kafka.keys().stream()
                                    .map(kafka::optionalText)
                                    .toList();
                        })
                        .keys())
                .containsExactly(key("kafka.servers", "text", "b"), key("kafka.NAME", "text", null));
    }

    @Test
    void whatWasAskedForAndIsNotThereIsUntried() throws Exception {
        assertThat(reference("stores: { a: { tls: { key: x } }, b: {} }", file -> {
                            for (Section store : file.sectionByName("stores").values()) {
                                store.optionalText("proxy");
                                if (store.has("tls")) {
                                    store.section("tls").optionalPath("key");
                                }
                            }
                            return file.has("sweeps");
                        })
                        .untried())
                .containsExactlyInAnyOrder("stores.NAME.proxy", "sweeps");
    }

    private static ConfigReference reference(String yaml, Function<Section, ?> reader) throws Exception {
        return ConfigReference.of(yaml, Map.of(), reader);
    }

    private static ConfigKey key(String path, String form, String otherwise) {
        return new ConfigKey(path, form, false, Optional.ofNullable(otherwise));
    }
}
