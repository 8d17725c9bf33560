package dev.lethe.ingress;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.lethe.config.ConfigException;
import dev.lethe.config.ConfigFile;
import dev.lethe.events.Durability;
import dev.lethe.health.HttpAddress;
import dev.lethe.ingress.tls.TlsConfig;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Period;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class IngressConfigTest {
    private static final String AUTHENTICATION = "authentication: { apiKeys: [s3cret] }\n";

    @Test
    void whatIsNotSaidHasADefault() throws ConfigException {
        IngressConfig config = read(AUTHENTICATION).config();

        assertThat(config.http())
                .isEqualTo(new HttpConfig(
                        new HttpAddress("0.0.0.0", 8080),
                        1_048_576,
                        8192,
                        16_777_216,
                        1000,
                        5000,
                        Duration.ofSeconds(5),
                        Duration.ofSeconds(30),
                        Optional.empty()));
        assertThat(config.management()).isEqualTo(new HttpAddress("0.0.0.0", 8081));
        assertThat(config.kafka().properties()).isEqualTo(Map.of("bootstrap.servers", "localhost:9092"));
        assertThat(config.durability()).isEqualTo(Durability.REPLICATED);
        assertThat(config.keys()).isEqualTo(Path.of("keys.json"));
        assertThat(config.events())
                .isEqualTo(new EventsConfig(
                        Set.of("user.delete"),
                        Set.of(),
                        Map.of(
                                "email", pointers("/user/email", "/user/identities/[type=email]/value"),
                                "username", pointers("/user/username", "/user/identities/[type=username]/value"),
                                "phoneNumber",
                                        pointers("/user/phoneNumber", "/user/identities/[type=phoneNumber]/value"))));
        assertThat(config.confirmation()).isEqualTo(Confirmation.NONE);
        assertThat(config.dueWithin()).isEqualTo(Period.ofMonths(1));
    }

    @Test
    void everyKeyIsRead() throws ConfigException {
        ConfigFile<IngressConfig> file = read(AUTHENTICATION + """
                http:
                  host: 10.0.0.1
                  port: 1
                  maxBodyBytes: 2048
                  maxHeaderBytes: 4096
                  maxInFlightBytes: 2097152
                  maxInFlightRequests: 5
                  maxConnections: 6
                  headerTimeout: PT3S
                  idleTimeout: PT7S
                  tls: { certificate: chain.pem, key: key.pem }
                management: { host: 127.0.0.1, port: 8 }
                kafka: { bootstrap.servers: "a:9" }
                durability: single-node
                keys: /etc/lethe/keys.json
                events:
                  types: [user.delete, user.delete.complete]
                  tenants: [30663132-6464-6665-3032-326466613934]
                  identifiers:
                    handle: [/user/registrations/*/username]
                confirmation: required
                dueWithin: P10D
                """);

        IngressConfig config = file.config();
        assertThat(config.http())
                .isEqualTo(new HttpConfig(
                        new HttpAddress("10.0.0.1", 1),
                        2048,
                        4096,
                        2_097_152,
                        5,
                        6,
                        Duration.ofSeconds(3),
                        Duration.ofSeconds(7),
                        Optional.of(new TlsConfig(
                                Path.of("chain.pem"), Path.of("key.pem"), Optional.empty(), Optional.empty()))));
        assertThat(config.management()).isEqualTo(new HttpAddress("127.0.0.1", 8));
        assertThat(config.kafka().properties()).isEqualTo(Map.of("bootstrap.servers", "a:9"));
        assertThat(config.durability()).isEqualTo(Durability.SINGLE_NODE);
        assertThat(config.keys()).isEqualTo(Path.of("/etc/lethe/keys.json"));
        assertThat(config.events())
                .isEqualTo(new EventsConfig(
                        Set.of("user.delete", "user.delete.complete"),
                        Set.of(UUID.fromString("30663132-6464-6665-3032-326466613934")),
                        Map.of("handle", pointers("/user/registrations/*/username"))));
        assertThat(config.confirmation()).isEqualTo(Confirmation.REQUIRED);
        assertThat(config.dueWithin()).isEqualTo(Period.ofDays(10));
        assertThat(file.effective())
                .contains("http.maxBodyBytes = 2048  (file)", "dueWithin = P10D  (file)")
                .noneMatch(line -> line.contains("s3cret"));
    }

    @Test
    void theExampleShowsEveryDefault() throws Exception {
        List<String> example = Files.readString(Path.of("..", "config", "ingress.yaml"))
                .lines()
                .map(line -> line.replaceFirst("^#?\\s*", "").replaceFirst("\\s+#.*", ""))
                .toList();

        assertThat(read(AUTHENTICATION + "kafka: { bootstrap.servers: \"a:9\" }").effective().stream()
                        .filter(line -> line.endsWith("  (default)"))
                        .map(line -> line.replaceFirst("  \\(default\\)", ""))
                        .map(line -> line.substring(
                                line.substring(0, line.indexOf(" = ")).lastIndexOf('.') + 1))
                        .map(line -> line.replaceFirst(" = ", ": ")))
                .contains("maxConnections: 5000")
                .isSubsetOf(example);
    }

    @Test
    void allProblemsAreReportedAtOnce() {
        assertThat(problems("""
                http: { port: 70000, maxBodyBytes: 1, maxInFlightRequests: 0, idleTimeout: soon, maxBodyByte: 1 }
                events:
                  types: ["user delete"]
                  tenants: [ours]
                  identifiers: { userId: /user/id, email: user/email }
                durability: perhaps
                dueWithin: P0D
                """))
                .satisfiesExactlyInAnyOrder(
                        problem -> assertThat(problem).startsWith("http.port: must be between"),
                        problem -> assertThat(problem).startsWith("http.maxBodyBytes: must be between"),
                        problem -> assertThat(problem).startsWith("http.maxInFlightRequests: must be between"),
                        problem -> assertThat(problem).startsWith("http.idleTimeout: must be a duration"),
                        problem -> assertThat(problem)
                                .startsWith("http.maxBodyByte: unknown key")
                                .contains("maxBodyBytes"),
                        problem -> assertThat(problem).startsWith("events.types: \"user delete\" is no event type"),
                        problem -> assertThat(problem).startsWith("events.tenants: \"ours\" is no UUID"),
                        problem -> assertThat(problem).startsWith("events.identifiers.userId: is kept always"),
                        problem -> assertThat(problem)
                                .startsWith("events.identifiers.email: \"user/email\" is no JSON pointer"),
                        problem -> assertThat(problem).startsWith("durability: must be one of"),
                        problem -> assertThat(problem).startsWith("dueWithin: must be longer than nothing"));
    }

    @Test
    void aBodyThatCouldNeverFitIsAProblem() {
        assertThat(problems("http: { maxBodyBytes: 33554432 }"))
                .singleElement()
                .asString()
                .startsWith("http.maxInFlightBytes: must be at least maxBodyBytes");
    }

    @ParameterizedTest
    @CsvSource({
        "maxBodyBytes, 1023",
        "maxBodyBytes, 67108865",
        "maxHeaderBytes, 1023",
        "maxHeaderBytes, 65537",
        "maxInFlightBytes, 1048575",
        "maxInFlightBytes, 1073741825",
        "maxInFlightRequests, 100001",
        "maxConnections, 0",
        "maxConnections, 100001"
    })
    void aBoundBeyondReasonIsAProblem(String key, int value) {
        assertThat(problems("http: { " + key + ": " + value + " }"))
                .anySatisfy(problem -> assertThat(problem).startsWith("http." + key + ": must be between"));
    }

    private static List<EventPointer> pointers(String... texts) {
        return List.of(texts).stream().map(EventPointer::parse).toList();
    }

    private static List<String> problems(String yaml) {
        var thrown = assertThatExceptionOfType(ConfigException.class)
                .isThrownBy(() -> read(AUTHENTICATION + yaml))
                .actual();
        return thrown.getMessage().lines().skip(1).map(String::strip).toList();
    }

    private static ConfigFile<IngressConfig> read(String yaml) throws ConfigException {
        return ConfigFile.parse("ingress.yaml", yaml, Map.of(), IngressConfig::read);
    }
}
