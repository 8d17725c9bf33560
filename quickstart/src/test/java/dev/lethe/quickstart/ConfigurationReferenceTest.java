package dev.lethe.quickstart;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.lethe.config.ConfigKey;
import dev.lethe.config.ConfigReference;
import dev.lethe.config.Section;
import dev.lethe.ingress.IngressConfig;
import dev.lethe.ledger.app.LedgerConfig;
import dev.lethe.worker.app.WorkerConfig;
import dev.lethe.worker.store.ErasureStoreFactory;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPairGenerator;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/**
 * docs/configuration.md, made of what the readers of the configurations ask for. The files in the folder {@code reference} have
 * every key that there is, and its {@code meanings.yaml} says what each means.
 */
class ConfigurationReferenceTest {
    private static final Path PAGE = Path.of("..", "docs", "configuration.md");
    private static final String REWRITE = "mvn test -pl quickstart -am -Dtest=ConfigurationReferenceTest"
            + " -Dsurefire.failIfNoSpecifiedTests=false -Dlethe.docs.rewrite";
    private static final List<String> KINDS = List.of("jdbc", "redis", "s3", "mongodb", "opensearch", "http", "kafka");
    private static final Set<String> OF_EVERY_STORE =
            Set.of("type", "erasuresPerSecond", "brake.erasuresPerMinute", "brake.itemsPerSubject");
    private static final String STORE = "stores.NAME.";
    private static final String PUBLIC_KEY = publicKey();

    private final Map<String, ConfigReference> references = new LinkedHashMap<>();

    ConfigurationReferenceTest() throws Exception {
        references.put("ingress", reference(example("ingress"), IngressConfig::read));
        String anyStore = "stores:\n" + example("kafka").indent(2);
        references.put("worker", reference(example("worker") + anyStore, WorkerConfig::read));
        references.put("ledger", reference(example("ledger"), LedgerConfig::read));
        for (String kind : KINDS) {
            references.put(kind, reference("stores:\n" + example(kind).indent(2), WorkerConfig::read));
        }
    }

    @Test
    void thePageSaysWhatTheReadersAskFor() throws Exception {
        String page = page();
        if (System.getProperty("lethe.docs.rewrite") != null) {
            Files.writeString(PAGE, page);
        }

        assertThat(Files.readString(PAGE))
                .as("to rewrite the page: %s", REWRITE)
                .isEqualTo(page);
    }

    @Test
    void theExamplesHaveEveryKeyThatIsAskedFor() {
        assertThat(references.get("ingress").untried()).isEmpty();
        assertThat(references.get("worker").untried()).isEmpty();
        assertThat(references.get("ledger").untried()).isEmpty();
        for (String kind : KINDS) {
            assertThat(references.get(kind).untried().stream().filter(path -> path.startsWith("stores")))
                    .as(kind)
                    .isEmpty();
        }
    }

    @Test
    void everyKindOfStoreHasAnExample() {
        Set<String> kinds = new TreeSet<>();
        ServiceLoader.load(ErasureStoreFactory.class).forEach(factory -> kinds.add(factory.type()));

        assertThat(KINDS).containsExactlyInAnyOrderElementsOf(kinds);
    }

    @Test
    void everyKeyHasAMeaningAndEveryMeaningAKey() throws Exception {
        var asked = new LinkedHashMap<String, Set<String>>();
        keys().forEach((part, keys) -> asked.put(part, paths(keys)));
        var meant = new LinkedHashMap<String, Set<String>>();
        meanings().forEach((part, meanings) -> meant.put(part, meanings.keySet()));

        assertThat(meant).isEqualTo(asked);
    }

    private String page() throws Exception {
        var page = new StringBuilder("""
            # Configuration

            Every key of `ingress.yaml`, `worker.yaml` and `ledger.yaml`. This page is made by a test of what the services read;
            [`config`](../config) has commented examples.

            `${NAME}` is an environment variable, `${NAME:-otherwise}` has a default, and `${file:/run/secrets/name}` is the content of a file.
            Durations and periods are written as ISO 8601 has it: `PT30S`, `PT6H`, `P3D`; a period can also have months and years, `P1M`, `P10Y`.
            `NAME` in a key is a name of your choice, or of a table, a column, a key. What is required in a section that can be left out, such as
            `http.tls`, is required if the section is there. An unknown key is an error, and all errors are reported at once. Secrets print as `***`.
            """);
        for (var part : keys().entrySet()) {
            page.append("\n## ").append(title(part.getKey())).append("\n\n");
            page.append("| key | value | default | |\n|---|---|---|---|\n");
            Map<String, String> meanings = meanings().getOrDefault(part.getKey(), Map.of());
            for (ConfigKey key : part.getValue()) {
                page.append("| `%s` | %s | %s | %s |\n"
                        .formatted(key.path(), key.form(), byDefault(key), meanings.get(key.path())));
            }
        }
        return page.toString();
    }

    private static String title(String part) {
        return switch (part) {
            case "ingress" -> "The ingress";
            case "worker" -> "A worker";
            case "ledger" -> "The ledger";
            case "every" -> "A store of any kind, below `stores.NAME`";
            default -> "A store of type `" + part + "`";
        };
    }

    private static String byDefault(ConfigKey key) {
        return key.required()
                ? "required"
                : key.otherwise().map(value -> "`" + value + "`").orElse("");
    }

    /** The keys by the part of the page. */
    private Map<String, List<ConfigKey>> keys() {
        var parts = new LinkedHashMap<String, List<ConfigKey>>();
        parts.put("ingress", references.get("ingress").keys());
        parts.put(
                "worker",
                references.get("worker").keys().stream()
                        .filter(key -> !key.path().startsWith(STORE))
                        .toList());
        parts.put("ledger", references.get("ledger").keys());
        List<ConfigKey> every = new ArrayList<>(ofStore("jdbc"));
        every.removeIf(key -> !OF_EVERY_STORE.contains(key.path()));
        parts.put("every", every);
        for (String kind : KINDS) {
            List<ConfigKey> own = new ArrayList<>(ofStore(kind));
            own.removeIf(key -> OF_EVERY_STORE.contains(key.path()));
            parts.put(kind, own);
        }
        return parts;
    }

    private List<ConfigKey> ofStore(String kind) {
        return references.get(kind).keys().stream()
                .filter(key -> key.path().startsWith(STORE))
                .map(key -> new ConfigKey(
                        key.path().substring(STORE.length()), key.form(), key.required(), key.otherwise()))
                .toList();
    }

    private static Set<String> paths(List<ConfigKey> keys) {
        var paths = new LinkedHashSet<String>();
        keys.forEach(key -> paths.add(key.path()));
        return paths;
    }

    private static ConfigReference reference(String yaml, Function<Section, ?> reader) throws Exception {
        return ConfigReference.of(yaml, Map.of("PUBLIC_KEY", PUBLIC_KEY), reader);
    }

    private static String publicKey() {
        try {
            var generator = KeyPairGenerator.getInstance("RSA");
            generator.initialize(2048);
            byte[] encoded = generator.generateKeyPair().getPublic().getEncoded();
            String lines = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(encoded);
            return "-----BEGIN PUBLIC KEY-----\n" + lines + "\n-----END PUBLIC KEY-----\n";
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }

    private static Map<String, Map<String, String>> meanings() throws Exception {
        return new YAMLMapper().readValue(example("meanings"), new TypeReference<>() {});
    }

    private static String example(String name) throws Exception {
        try (InputStream file = ConfigurationReferenceTest.class.getResourceAsStream("reference/" + name + ".yaml")) {
            return new String(file.readAllBytes(), UTF_8);
        }
    }
}
