package dev.lethe.quickstart.ingress;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.lethe.ingress.Ingress;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tag;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;

/** No input whatever makes an answer that is late, or the service's fault. */
@Tag("thorough")
@Tag("alone")
class AnyInputIT {
    private static final int TRIES = 200;
    private static final List<Integer> ANSWERS = List.of(200, 400, 401, 408, 413, 415, 503);
    private static final String SAMPLE = sample();

    private static Path folder;
    private static Site site;
    private static Ingress ingress;

    @BeforeContainer
    static void start() throws Exception {
        folder = Files.createTempDirectory("any-input");
        site = new Site(folder);
        ingress = site.ingress();
    }

    @AfterContainer
    static void stop() throws IOException {
        ingress.close();
        site.close();
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }

    @Property(tries = TRIES)
    void anyBodyIsAnsweredInTime(@ForAll byte[] body) throws IOException {
        assertAnswered(Call.of(body));
    }

    @Property(tries = TRIES)
    void anyChangeOfASampleIsAnsweredInTime(
            @ForAll @IntRange(max = 10_000) int place,
            @ForAll @IntRange(max = 100) int leftOut,
            @ForAll("pieces") String putIn,
            @ForAll @IntRange(max = 7) int chunk)
            throws IOException {
        int from = place % SAMPLE.length();
        int to = Math.min(SAMPLE.length(), from + leftOut);
        Call call = Call.of(SAMPLE.substring(0, from) + putIn + SAMPLE.substring(to));

        assertAnswered(call.inChunksOf(chunk * 100));
    }

    @Property(tries = TRIES)
    void anyHeaderIsAnsweredInTime(@ForAll("headers") String name, @ForAll("values") String value) throws IOException {
        assertAnswered(Call.of(SAMPLE).with(name, value));
    }

    /** Requests that are no HTTP at all are Jetty's business: it refuses them, or hangs up. */
    @Property(tries = TRIES)
    void anyBytesAreRefusedOrLeadNowhere(@ForAll byte[] bytes) throws IOException {
        try (var connection = new Connection(ingress.port())) {
            connection.startClock().sendAsFarAsWanted(bytes).sendAsFarAsWanted("\r\n\r\n".getBytes(ISO_8859_1));
            if (connection.hearsSomethingWithin(Duration.ofMillis(100))) {
                Reply reply = connection.reply();
                assertThat(reply.status()).as(reply.toString()).isBetween(400, 499);
            }
        } catch (IOException e) {
            // It hung up.
        }
    }

    private static void assertAnswered(Call call) throws IOException {
        try (var connection = new Connection(ingress.port())) {
            Reply reply = connection.call(call.bytes());
            assertThat(reply.status()).as(reply.toString()).isIn(ANSWERS);
            assertThat(reply.took()).isLessThan(Duration.ofMillis(1900));
            assertThat(reply.says()).isNotEmpty();
        }
    }

    @Provide
    static Arbitrary<String> pieces() {
        return Arbitraries.oneOf(
                Arbitraries.just(""),
                Arbitraries.strings().ofMaxLength(5),
                Arbitraries.of(
                        "\"", "{", "}", "[", "]", ",", ":", "\\", "\\ud83d", "\u0000", "\ufeff", "NaN", "1e99",
                        "null"));
    }

    @Provide
    static Arbitrary<String> headers() {
        return Arbitraries.of(
                "Content-Type",
                "Authorization",
                "traceparent",
                "Content-Encoding",
                "Accept",
                "Cookie",
                "Origin",
                "X-Forwarded-For");
    }

    @Provide
    static Arbitrary<String> values() {
        return Arbitraries.oneOf(
                Arbitraries.strings().withCharRange('!', '~').ofMaxLength(200),
                Arbitraries.strings().withCharRange('\u00a0', '\u00ff').ofMaxLength(50),
                Arbitraries.of(
                        "gzip",
                        "identity",
                        "application/json; charset=utf-16",
                        "application/json;charset=\"",
                        Site.API_KEY,
                        "00-",
                        ";",
                        "=;,"));
    }

    private static String sample() {
        try (InputStream sample = AnyInputIT.class.getResourceAsStream("user-delete-2026.json")) {
            return new String(sample.readAllBytes(), UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
