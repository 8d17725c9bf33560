package dev.lethe.quickstart;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.lethe.config.ConfigFile;
import dev.lethe.ingress.IngressConfig;
import dev.lethe.ledger.app.LedgerConfig;
import dev.lethe.worker.app.WorkerConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.yaml.snakeyaml.Yaml;

/** The files for containers agree with each other, with the product, and with FusionAuth's documented kickstart format. */
class DeploymentFilesTest {
    private static final Path ROOT = Path.of("..");
    private static final Path KICKSTART = ROOT.resolve("deploy/compose/kickstart.json");
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final List<String> COMPOSE =
            List.of("docker-compose.yml", "docker-compose.cluster.yml", "docker-compose.simulator.yml");

    /** Where compose takes a value from the environment. */
    private static final Pattern VARIABLE = Pattern.compile("(?<!\\$)\\$\\{([A-Z_]+)(:[-?][^}]*)?}");

    private static final Pattern KICKSTART_VARIABLE = Pattern.compile("#\\{([^}]+)}");

    @Test
    void composeTakesNothingFromTheEnvironmentThatTheExampleDoesNotName() throws IOException {
        Set<String> named = Pattern.compile("(?m)^#?([A-Z_]+)=")
                .matcher(Files.readString(ROOT.resolve(".env.example")))
                .results()
                .map(match -> match.group(1))
                .collect(Collectors.toCollection(TreeSet::new));
        Set<String> taken = new TreeSet<>();
        for (String file : COMPOSE) {
            VARIABLE.matcher(Files.readString(ROOT.resolve(file)))
                    .results()
                    .forEach(match -> taken.add(match.group(1)));
        }

        assertThat(taken).isEqualTo(named);
    }

    @Test
    void noSecretHasAValueInTheFiles() throws IOException {
        var secret = Pattern.compile("(?i)(password|secret|key)");
        assertThat(Files.readAllLines(ROOT.resolve(".env.example")))
                .filteredOn(line ->
                        line.matches("[A-Z_]+=.*") && secret.matcher(line).find())
                .isNotEmpty()
                .allMatch(line -> line.endsWith("="));
        for (String file : COMPOSE) {
            for (JsonNode service : services(file)) {
                service.path("environment").properties().stream()
                        .filter(variable -> secret.matcher(variable.getKey()).find())
                        .forEach(variable -> assertThat(variable.getValue().asText())
                                .as(variable.getKey())
                                .matches("\\$\\{[A-Z_]+:\\?see \\.env\\.example}"));
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"single-node", "replicated"})
    void theConfigurationsAreReadAsTheServicesReadThem(String durability) throws Exception {
        Map<String, String> environment = Map.of(
                "KAFKA", "kafka:9092",
                "DURABILITY", durability,
                "LETHE_API_KEY", "key",
                "LETHE_SIGNATURE_SECRET", "0123456789abcdef0123456789abcdef",
                "LETHE_DB_PASSWORD", "secret",
                "LETHE_FUSIONAUTH_API_KEY", "key",
                "REDIS_PASSWORD", "secret",
                "LEDGER_DB_PASSWORD", "secret",
                "LEDGER_CLIENT_SECRET", "secret");

        IngressConfig ingress = ConfigFile.load(
                        ROOT.resolve("deploy/compose/ingress.yaml"), environment, IngressConfig::read)
                .config();
        WorkerConfig worker = ConfigFile.load(
                        ROOT.resolve("deploy/compose/worker.yaml"), environment, WorkerConfig::read)
                .config();

        LedgerConfig ledger = ConfigFile.load(
                        ROOT.resolve("deploy/compose/ledger.yaml"), environment, LedgerConfig::read)
                .config();

        assertThat(worker.durability()).isEqualTo(ingress.durability()).isEqualTo(ledger.durability());
        assertThat(ledger.console().keys()).isEqualTo(ingress.keys());
        assertThat(ledger.stores())
                .containsExactlyInAnyOrderElementsOf(worker.stores().keySet());
        assertThat(ledger.console().lanes().sweeps()).isEqualTo(worker.sweeps().after());
        assertThat(worker.keys()).isEqualTo(ingress.keys());
        assertThat(worker.confirmation()).isPresent();
        assertThat(worker.stores().keySet()).containsExactly("shop", "support", "sessions");
    }

    @ParameterizedTest
    @ValueSource(strings = {"docker-compose.yml", "docker-compose.cluster.yml"})
    void theTopicsOfTheConfiguredStoresAreMade(String file) throws IOException {
        JsonNode command = services(file).path("topics").path("command");
        List<String> words = new ArrayList<>();
        command.forEach(word -> words.add(word.asText()));

        assertThat(words).startsWith("topics", "create").containsSequence("--stores", "shop,support,sessions");
        assertThat(words.contains("--single-node")).isEqualTo(file.equals("docker-compose.yml"));
    }

    @Test
    void lethesContainersMayWriteNowhereAndDoNothingThatTheyNeedNot() throws IOException {
        for (String name : List.of(
                "keys", "topics", "sample-data", "ingress", "erasure-worker", "ledger-keys", "ledger", "lethe")) {
            assertRestricted(name, services("docker-compose.yml").path(name));
        }
        assertRestricted("simulator", services("docker-compose.simulator.yml").path("fusionauth"));
    }

    private static void assertRestricted(String name, JsonNode service) {
        assertThat(service.path("read_only").asBoolean()).as(name).isTrue();
        assertThat(service.path("cap_drop").path(0).asText()).as(name).isEqualTo("ALL");
        assertThat(service.path("security_opt").path(0).asText()).as(name).isEqualTo("no-new-privileges:true");
    }

    @Test
    void theKickstartFileHasFusionAuthsForm() throws IOException {
        JsonNode file = kickstart();

        assertThat(file.fieldNames())
                .toIterable()
                .isSubsetOf("variables", "apiKeys", "requests", "license", "licenseId", "settings");
        assertThat(file.path("variables")).allMatch(JsonNode::isTextual);
        assertThat(file.at("/apiKeys/0").fieldNames())
                .toIterable()
                .as("the first key makes the requests, and may not be restricted")
                .isSubsetOf("key", "description", "keyManager");
        for (JsonNode key : file.path("apiKeys")) {
            assertThat(key.fieldNames())
                    .toIterable()
                    .isSubsetOf("key", "description", "keyManager", "permissions", "tenantId");
            key.at("/permissions/endpoints")
                    .forEach(methods -> assertThat(methods)
                            .extracting(JsonNode::asText)
                            .isSubsetOf("GET", "POST", "PUT", "PATCH", "DELETE"));
        }
        for (JsonNode request : file.path("requests")) {
            assertThat(request.fieldNames())
                    .toIterable()
                    .isSubsetOf("method", "contentType", "url", "tenantId", "body");
            assertThat(request.path("method").asText()).isIn("POST", "PUT", "PATCH");
            assertThat(request.path("url").asText()).startsWith("/api/");
        }
    }

    @Test
    void theKickstartFileNamesOnlyVariablesThatItHasOrFusionAuthGives() throws IOException {
        JsonNode file = kickstart();
        Set<String> known = new TreeSet<>(Set.of("FUSIONAUTH_TENANT_ID", "FUSIONAUTH_APPLICATION_ID"));
        file.path("variables").fieldNames().forEachRemaining(known::add);
        String rest = file.path("apiKeys").toString() + file.path("requests");

        assertThat(KICKSTART_VARIABLE.matcher(rest).results().map(match -> match.group(1)))
                .isNotEmpty()
                .isSubsetOf(known);
        JsonNode environment = services("docker-compose.yml").path("fusionauth").path("environment");
        KICKSTART_VARIABLE
                .matcher(file.path("variables").toString())
                .results()
                .map(match -> match.group(1))
                .forEach(name -> assertThat(environment.has(name.replaceFirst("^ENV\\.", "")))
                        .as(name)
                        .isTrue());
    }

    @Test
    void theKickstartFilesWebhookIsTheOneThatTheCommandsLookFor() throws IOException {
        JsonNode variables = kickstart().path("variables");
        String url = variables.path("ingressUrl").asText();

        assertThat(variables.path("webhookId").asText())
                .isEqualTo(UUID.nameUUIDFromBytes(("lethe webhook " + url).getBytes(UTF_8))
                        .toString());
    }

    private static JsonNode kickstart() throws IOException {
        return JSON.readTree(KICKSTART.toFile());
    }

    /** With what YAML merges. */
    private static JsonNode services(String file) throws IOException {
        JsonNode tree = JSON.valueToTree(new Yaml().<Object>load(Files.readString(ROOT.resolve(file))));
        return tree.path("services");
    }
}
