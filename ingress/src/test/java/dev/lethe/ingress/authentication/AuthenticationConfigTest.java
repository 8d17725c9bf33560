package dev.lethe.ingress.authentication;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.lethe.config.ConfigException;
import dev.lethe.config.ConfigFile;
import dev.lethe.config.Secret;
import io.fusionauth.jwt.JWTUtils;
import io.fusionauth.jwt.domain.Algorithm;
import java.net.URI;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AuthenticationConfigTest {
    private static final String PUBLIC = SigningKey.rsa("rsa").publicPem();
    private static final String PRIVATE = JWTUtils.generate2048_RSAKeyPair().privateKey;

    @Test
    void whatIsNotSaidHasADefault() throws ConfigException {
        AuthenticationConfig config = read("apiKeys: s3cret").config();

        assertThat(config)
                .isEqualTo(new AuthenticationConfig(
                        "Authorization", List.of(new Secret("s3cret")), Optional.empty(), Optional.empty()));
    }

    @Test
    void everyKeyIsRead() throws ConfigException {
        ConfigFile<AuthenticationConfig> file = read("""
                apiKeyHeader: X-API-Key
                apiKeys: [s3cret-1, s3cret-2]
                basic: { username: fusionauth, passwords: [s3cret-3, s3cret-4] }
                signature:
                  algorithms: [RS256, HS256]
                  keys:
                    one: { pem: "${PUBLIC}" }
                    two: { secret: s3cret-5-of-thirty-two-bytes-at-least }
                  jwks: http://fusionauth:9011/.well-known/jwks.json
                  kids: [three, four]
                  allowPlainHttp: true
                """);

        AuthenticationConfig config = file.config();
        assertThat(config.apiKeyHeader()).isEqualTo("X-API-Key");
        assertThat(config.apiKeys()).containsExactly(new Secret("s3cret-1"), new Secret("s3cret-2"));
        assertThat(config.basic())
                .contains(new BasicConfig("fusionauth", List.of(new Secret("s3cret-3"), new Secret("s3cret-4"))));
        assertThat(config.signature()).hasValueSatisfying(signature -> {
            assertThat(signature.algorithms()).containsExactlyInAnyOrder(Algorithm.RS256, Algorithm.HS256);
            assertThat(signature.keys()).containsOnlyKeys("one", "two");
            assertThat(signature.jwks())
                    .contains(new JwksConfig(
                            URI.create("http://fusionauth:9011/.well-known/jwks.json"), Set.of("three", "four")));
        });
        assertThat(file.effective())
                .contains("authentication.apiKeyHeader = X-API-Key  (file)")
                .noneMatch(line -> line.contains("s3cret"))
                .noneMatch(line -> line.contains("BEGIN"));
    }

    @Test
    void everyMethodThatIsConfiguredIsOpened() throws ConfigException {
        List<Authentication> methods = read("""
                        apiKeyHeader: X-API-Key
                        apiKeys: [key]
                        basic: { username: fusionauth, passwords: password }
                        signature: { keys: { one: { pem: "${PUBLIC}" } } }
                        """).config().open(InstantSource.system());

        assertThat(methods)
                .hasExactlyElementsOfTypes(
                        ApiKeyAuthentication.class, BasicAuthentication.class, SignatureAuthentication.class);
        methods.forEach(Authentication::close);
    }

    @Test
    void withoutAlgorithmsAllAreAllowedThatFitTheKeys() throws ConfigException {
        String pem = "keys: { one: { pem: \"${PUBLIC}\" } }";
        String secret = "keys: { one: { secret: " + "s".repeat(48) + " } }";
        String jwks = "{ jwks: 'https://id.example/jwks.json', kids: one }";

        assertThat(signature(pem).algorithms())
                .containsExactlyInAnyOrder(Algorithm.RS256, Algorithm.RS384, Algorithm.RS512);
        assertThat(signature(secret).algorithms()).containsExactlyInAnyOrder(Algorithm.HS256, Algorithm.HS384);
        assertThat(signature(jwks).algorithms())
                .containsExactlyInAnyOrder(
                        Algorithm.RS256,
                        Algorithm.RS384,
                        Algorithm.RS512,
                        Algorithm.ES256,
                        Algorithm.ES384,
                        Algorithm.ES512,
                        Algorithm.Ed25519);
    }

    @ParameterizedTest
    @ValueSource(strings = {"{}", "apiKeyHeader: X-API-Key"})
    void withoutAnyMethodNothingStarts(String yaml) {
        assertThat(problems(yaml)).anyMatch(problem -> problem.startsWith("authentication.apiKeys: is required, or"));
    }

    @Test
    void aClientCertificateIsAMethod() throws ConfigException {
        AuthenticationConfig config = ConfigFile.parse(
                        "ingress.yaml",
                        "",
                        Map.of(),
                        file -> AuthenticationConfig.read(file.section("authentication"), true))
                .config();

        assertThat(config.open(InstantSource.system())).isEmpty();
    }

    @Test
    void allProblemsAreReportedAtOnce() {
        assertThat(problems("""
                apiKeyHeader: "X API Key"
                apiKeys: [schlüssel, " key"]
                basic: { username: "fusion:auth" }
                signature:
                  algorithms: [RS256, ES256, none]
                  keys:
                    private: { pem: "${PRIVATE}" }
                    garbage: { pem: garbage }
                    short: { secret: s3cret }
                    public: { secret: "${PUBLIC}" }
                    both: { pem: "${PUBLIC}", secret: "${PUBLIC}" }
                    neither: {}
                    good: { pem: "${PUBLIC}" }
                  jwks: http://fusionauth/jwks.json
                """))
                .satisfiesExactlyInAnyOrder(
                        problem -> assertThat(problem).startsWith("authentication.apiKeyHeader: must be the name"),
                        problem -> assertThat(problem).startsWith("authentication.apiKeys[0]: must be ASCII"),
                        problem -> assertThat(problem).startsWith("authentication.apiKeys[1]: must be ASCII"),
                        problem -> assertThat(problem).startsWith("authentication.basic.username: can't have a colon"),
                        problem -> assertThat(problem).startsWith("authentication.basic.passwords: must hold"),
                        problem ->
                                assertThat(problem).startsWith("authentication.signature.algorithms: ES256 fits none"),
                        problem ->
                                assertThat(problem).startsWith("authentication.signature.algorithms: none is none of"),
                        problem -> assertThat(problem)
                                .startsWith("authentication.signature.keys.private: is a private key"),
                        problem -> assertThat(problem)
                                .startsWith("authentication.signature.keys.garbage: is no public key"),
                        problem -> assertThat(problem).startsWith("authentication.signature.keys.short: is too short"),
                        problem -> assertThat(problem).startsWith("authentication.signature.keys.public: is PEM"),
                        problem -> assertThat(problem)
                                .startsWith("authentication.signature.keys.both.pem: is required, or"),
                        problem -> assertThat(problem)
                                .startsWith("authentication.signature.keys.neither.pem: is required, or"),
                        problem -> assertThat(problem).startsWith("authentication.signature.kids: is required"),
                        problem -> assertThat(problem).startsWith("authentication.signature.jwks: must be https"))
                .noneMatch(problem -> problem.contains("s3cret") || problem.contains("BEGIN"));
    }

    @Test
    void oneHeaderCanNotHoldTwoCredentials() {
        String basic = "{ apiKeys: [key], basic: { username: fusionauth, passwords: password }";

        assertThat(problems(basic + " }"))
                .singleElement()
                .asString()
                .startsWith("authentication.apiKeyHeader: must be set");
        assertThat(problems(basic + ", apiKeyHeader: authorization }"))
                .singleElement()
                .asString()
                .startsWith("authentication.apiKeyHeader: must be set");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "apiKeys: []                                                  | apiKeys: must hold a key",
                "basic: { username: a, passwords: [] }                        | basic.passwords: must hold a password",
                "basic: { username: a, password: b }                          | basic.password: unknown key",
                "signature: {}                                                | signature.keys: is required, or jwks",
                "signature: { keys: {} }                                      | signature.keys: must hold a key",
                "signature: { kids: [a], keys: { a: { pem: '${PUBLIC}' } } }  | signature.kids: has no use without jwks",
                "signature: { jwks: 'https://a/', kids: a, keys: { a: { pem: '${PUBLIC}' } } } | signature.kids: a is under keys",
                "signature: { algorithms: [HS256], keys: { a: { pem: '${PUBLIC}' } } }    | signature.algorithms: HS256 fits none",
                "signature: { algorithms: [RS256], jwks: 'https://a/', kids: b, keys: { a: { secret: '0123456789abcdef0123456789abcdef' } } } | signature.keys.a: fits none",
                "signature: { algorithms: [], keys: { a: { pem: '${PUBLIC}' } } }         | signature.algorithms: must hold",
                "signature: { algorithms: [RS256], jwks: 'http://127.0.0.1.example/', kids: a } | signature.jwks: must be https",
                "signature: { jwks: 'ftp://a/', kids: a }                     | signature.jwks: must be https",
                "signature: { jwks: 'https://a:b@c/', kids: a }               | signature.jwks: must be a URL with a host",
                "signature: { jwks: 'jwks.json', kids: a }                    | signature.jwks: must be a URL with a host",
                "signature: { jwks: 'https://a b/', kids: a }                 | signature.jwks: is no URL"
            })
    void whatCanNotWorkIsAProblem(String yaml, String problem) {
        assertThat(problems(yaml)).anySatisfy(found -> assertThat(found).startsWith("authentication." + problem));
    }

    @ParameterizedTest
    @ValueSource(strings = {"http://localhost:9011/", "http://127.0.0.1/", "http://[::1]:9011/", "HTTPS://id.example/"})
    void aJwksNeedsHttpsUnlessItIsOnThisMachine(String url) throws ConfigException {
        assertThat(signature("{ jwks: '" + url + "', kids: a }").jwks()).isPresent();
    }

    private static SignatureConfig signature(String yaml) throws ConfigException {
        return Configured.signature(yaml, Map.of("PUBLIC", PUBLIC));
    }

    private static List<String> problems(String yaml) {
        var thrown = assertThatExceptionOfType(ConfigException.class)
                .isThrownBy(() -> read(yaml))
                .actual();
        return thrown.getMessage().lines().skip(1).map(String::strip).toList();
    }

    private static ConfigFile<AuthenticationConfig> read(String yaml) throws ConfigException {
        return ConfigFile.parse(
                "ingress.yaml",
                "authentication:" + (yaml.startsWith("{") ? " " + yaml : "\n" + yaml.indent(2)),
                Map.of("PUBLIC", PUBLIC, "PRIVATE", PRIVATE),
                file -> AuthenticationConfig.read(file.section("authentication"), false));
    }
}
