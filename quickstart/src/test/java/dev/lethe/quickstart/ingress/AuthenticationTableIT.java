package dev.lethe.quickstart.ingress;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.lethe.ingress.Ingress;
import io.fusionauth.jwt.JWTUtils;
import io.fusionauth.jwt.Signer;
import io.fusionauth.jwt.domain.KeyPair;
import io.fusionauth.jwt.hmac.HMACSigner;
import io.fusionauth.jwt.rsa.RSASigner;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.EnumMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.slf4j.LoggerFactory;

/**
 * A row for each way of being FusionAuth or not. Whoever is not learns nothing but that; the log and the metrics have the
 * reason, and no secret.
 */
@Tag("alone")
class AuthenticationTableIT {
    /** Its hash has both characters in which the two alphabets of Base64 differ. */
    private static final byte[] BODY = Call.event(
                    UUID.fromString("00000000-0000-4000-8000-000000000003"),
                    UUID.fromString("913a1e40-8b1d-43be-a97a-88a733a3635e"))
            .getBytes(UTF_8);

    private static final String SIGNATURE = "X-FusionAuth-Signature-JWT";
    private static final KeyPair KEY = JWTUtils.generate2048_RSAKeyPair();
    private static final Signer WEBHOOK = RSASigner.newSHA256Signer(KEY.privateKey, "webhook");
    private static final Signer STRANGER =
            RSASigner.newSHA256Signer(JWTUtils.generate2048_RSAKeyPair().privateKey, "stranger");
    private static final String BASIC = "Basic " + base64("fusionauth:pass:word");
    private static final String RS256 = header("RS256", "webhook");
    private static final String CLAIMS = claim(base64(sha256()));

    @TempDir
    static Path folder;

    private static Site site;
    private static final Map<Door, Ingress> INGRESSES = new EnumMap<>(Door.class);

    private final ListAppender<ILoggingEvent> log = new ListAppender<>();

    /** What an ingress asks of its callers. */
    enum Door {
        KEYS("{ apiKeys: [old-key, new-key] }"),
        KEY_ELSEWHERE("{ apiKeyHeader: X-Lethe-Key, apiKeys: [new-key] }"),
        PASSWORDS("{ basic: { username: fusionauth, passwords: ['pass:word', old] } }"),
        SIGNED("{ signature: { keys: { webhook: { pem: \"%s\" } } } }"),
        EVERYTHING(
                "{ apiKeyHeader: X-Lethe-Key, apiKeys: [new-key], basic: { username: fusionauth, passwords: ['pass:word'] },"
                        + " signature: { keys: { webhook: { pem: \"%s\" } } } }");

        private final String yaml;

        Door(String yaml) {
            this.yaml = yaml;
        }

        Ingress open() throws Exception {
            return site.ingressFor(
                    yaml.formatted(KEY.publicKey.replace("\r", "").replace("\n", "\\n")));
        }
    }

    /** @param reason why the call is refused; empty if it is accepted */
    record Row(Door door, String caller, Call call, String reason) {
        @Override
        public String toString() {
            return door + " " + caller + (reason.isEmpty() ? " is let in" : " is refused: " + reason);
        }
    }

    @BeforeAll
    static void start() throws Exception {
        site = new Site(folder);
        for (Door door : Door.values()) {
            INGRESSES.put(door, door.open());
        }
    }

    @AfterAll
    static void stop() {
        INGRESSES.values().forEach(Ingress::close);
        site.close();
    }

    @BeforeEach
    void listen() {
        log.start();
        ((Logger) LoggerFactory.getLogger("dev.lethe.ingress")).addAppender(log);
    }

    @AfterEach
    void stopListening() {
        ((Logger) LoggerFactory.getLogger("dev.lethe.ingress")).detachAppender(log);
    }

    static Stream<Row> rows() {
        var rows = new ArrayList<Row>();
        rows.addAll(apiKeys());
        rows.addAll(passwords());
        rows.addAll(signatures());
        rows.addAll(together());
        return rows.stream();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("rows")
    void isLetInOrRefused(Row row) throws Exception {
        Ingress ingress = INGRESSES.get(row.door());
        site.startReading();
        double failures = failures(ingress, row.reason());

        Reply reply = Site.answerTo(row.call(), ingress.port());

        if (row.reason().isEmpty()) {
            assertThat(reply.isAccepted()).as(reply.toString()).isTrue();
            return;
        }
        assertThat(reply.status()).as(reply.toString()).isEqualTo(401);
        assertThat(reply.body()).isEqualTo("{\"errors\":[{\"code\":\"[notAuthorized]\"}]}");
        assertThat(reply.headers().keySet()).isSubsetOf("date", "content-type", "content-length");
        assertThat(site.written()).as("records in the log").isEmpty();
        assertThat(failures(ingress, row.reason())).isEqualTo(failures + 1);
        assertThat(List.copyOf(log.list))
                .singleElement()
                .extracting(ILoggingEvent::getFormattedMessage)
                .isEqualTo("Not authenticated: " + row.reason());
    }

    private static List<Row> apiKeys() {
        return List.of(
                in(Door.KEYS, "the old key", with("Authorization", "old-key")),
                in(Door.KEYS, "the new key", with("Authorization", "new-key")),
                out(Door.KEYS, "no key", with(), "API_KEY"),
                out(Door.KEYS, "an empty key", with("Authorization", ""), "API_KEY"),
                out(Door.KEYS, "another key", with("Authorization", "new-kez"), "API_KEY"),
                out(Door.KEYS, "the beginning of a key", with("Authorization", "new-ke"), "API_KEY"),
                out(Door.KEYS, "a key and more", with("Authorization", "new-keyy"), "API_KEY"),
                out(Door.KEYS, "a key in another case", with("Authorization", "NEW-KEY"), "API_KEY"),
                out(Door.KEYS, "a key with a scheme", with("Authorization", "Bearer new-key"), "API_KEY"),
                out(Door.KEYS, "the key twice", with("Authorization", "new-key\r\nAuthorization: new-key"), "API_KEY"),
                out(Door.KEYS, "the key in another header", with("X-Lethe-Key", "new-key"), "API_KEY"),
                in(Door.KEY_ELSEWHERE, "the key in its header", with("x-lethe-key", "new-key")),
                out(Door.KEY_ELSEWHERE, "the key elsewhere", with("Authorization", "new-key"), "API_KEY"));
    }

    private static List<Row> passwords() {
        return List.of(
                in(Door.PASSWORDS, "the password", with("Authorization", BASIC)),
                in(Door.PASSWORDS, "the old one", with("Authorization", "Basic " + base64("fusionauth:old"))),
                out(Door.PASSWORDS, "no credentials", with(), "BASIC"),
                out(Door.PASSWORDS, "another password", basic("fusionauth:pass:wore"), "BASIC"),
                out(Door.PASSWORDS, "another name", basic("fusionautt:pass:word"), "BASIC"),
                out(Door.PASSWORDS, "no password", basic("fusionauth:"), "BASIC"),
                out(Door.PASSWORDS, "no colon", basic("fusionauth"), "BASIC"),
                out(Door.PASSWORDS, "no Base64", with("Authorization", "Basic fusionauth:old"), "BASIC"),
                out(Door.PASSWORDS, "another scheme", with("Authorization", "Bearer " + base64("a:b")), "BASIC"));
    }

    private static List<Row> signatures() {
        return List.of(
                in(Door.SIGNED, "the signature", signed(WEBHOOK, RS256, CLAIMS)),
                out(Door.SIGNED, "no signature", with(), "SIGNATURE_MISSING"),
                out(Door.SIGNED, "what is no JWT", with(SIGNATURE, "x"), "SIGNATURE_MALFORMED"),
                out(
                        Door.SIGNED,
                        "alg none",
                        with(SIGNATURE, base64Url(header("none", "webhook")) + "." + base64Url(CLAIMS) + "."),
                        "SIGNATURE_ALGORITHM"),
                out(
                        Door.SIGNED,
                        "an HMAC with the public key as secret",
                        signed(
                                HMACSigner.newSHA256Signer(KEY.publicKey, "webhook"),
                                header("HS256", "webhook"),
                                CLAIMS),
                        "SIGNATURE_ALGORITHM"),
                out(
                        Door.SIGNED,
                        "an unknown kid",
                        signed(STRANGER, header("RS256", "stranger"), CLAIMS),
                        "SIGNATURE_KEY"),
                out(
                        Door.SIGNED,
                        "a stranger's key by a known kid",
                        signed(STRANGER, RS256, CLAIMS),
                        "SIGNATURE_INVALID"),
                out(
                        Door.SIGNED,
                        "two claims, one of them right",
                        signed(WEBHOOK, RS256, "{\"request_body_sha256\":\"x\"," + CLAIMS.substring(1)),
                        "SIGNATURE_MALFORMED"),
                out(
                        Door.SIGNED,
                        "a hash in hex",
                        signed(WEBHOOK, RS256, claim(HexFormat.of().formatHex(sha256()))),
                        "SIGNATURE_BODY"),
                out(
                        Door.SIGNED,
                        "a hash in base64url",
                        signed(WEBHOOK, RS256, claim(Base64.getUrlEncoder().encodeToString(sha256()))),
                        "SIGNATURE_BODY"),
                out(
                        Door.SIGNED,
                        "a hash without padding",
                        signed(
                                WEBHOOK,
                                RS256,
                                claim(Base64.getEncoder().withoutPadding().encodeToString(sha256()))),
                        "SIGNATURE_BODY"),
                out(Door.SIGNED, "no hash", signed(WEBHOOK, RS256, "{}"), "SIGNATURE_BODY"),
                out(
                        Door.SIGNED,
                        "the signature of another body",
                        signed(WEBHOOK, RS256, claim(base64(new byte[32]))),
                        "SIGNATURE_BODY"));
    }

    private static List<Row> together() {
        Call all = signed(WEBHOOK, RS256, CLAIMS).with("X-Lethe-Key", "new-key").with("Authorization", BASIC);
        return List.of(
                in(Door.EVERYTHING, "everything", all),
                out(Door.EVERYTHING, "all but the key", all.without("X-Lethe-Key"), "API_KEY"),
                out(Door.EVERYTHING, "all but the password", all.without("Authorization"), "BASIC"),
                out(Door.EVERYTHING, "all but the signature", all.without(SIGNATURE), "SIGNATURE_MISSING"));
    }

    private static Row in(Door door, String caller, Call call) {
        return new Row(door, caller, call, "");
    }

    private static Row out(Door door, String caller, Call call, String reason) {
        return new Row(door, caller, call, reason);
    }

    private static Call with(String... header) {
        Call call = Call.of(BODY).without("Authorization");
        return header.length == 0 ? call : call.with(header[0], header[1]);
    }

    private static Call basic(String credentials) {
        return with("Authorization", "Basic " + base64(credentials));
    }

    private static Call signed(Signer signer, String header, String claims) {
        String input = base64Url(header) + "." + base64Url(claims);
        return with(
                SIGNATURE, input + "." + Base64.getUrlEncoder().withoutPadding().encodeToString(signer.sign(input)));
    }

    private static String header(String algorithm, String kid) {
        return "{\"alg\":\"%s\",\"typ\":\"JWT\",\"kid\":\"%s\"}".formatted(algorithm, kid);
    }

    private static String claim(String hash) {
        return "{\"request_body_sha256\":\"" + hash + "\"}";
    }

    private static String base64(String text) {
        return base64(text.getBytes(UTF_8));
    }

    private static String base64(byte[] bytes) {
        return Base64.getEncoder().encodeToString(bytes);
    }

    private static String base64Url(String text) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(text.getBytes(UTF_8));
    }

    private static byte[] sha256() {
        try {
            return MessageDigest.getInstance("SHA-256").digest(BODY);
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }

    private static double failures(Ingress ingress, String reason) throws Exception {
        return Metrics.of(ingress.managementPort())
                .getOrDefault("lethe_ingress_authentication_failures_total{reason=\"" + reason + "\"}", 0.0);
    }
}
