package dev.lethe.worker.store.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.lethe.events.Subject;
import dev.lethe.events.SubjectKey;
import dev.lethe.worker.store.ErasureStore;
import dev.lethe.worker.store.StoreUnavailableException;
import dev.lethe.worker.store.http.NewsService.Reply;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MutualTlsIT {
    private static final List<Subject> ADA =
            List.of(new Subject(new SubjectKey("0000000000000000000001"), "ada", null, Map.of()));

    @TempDir
    private Path directory;

    private final Certificates ours = new Certificates();
    private final Certificates theirs = new Certificates();
    private NewsService service;

    @BeforeEach
    void start() throws Exception {
        service = new NewsService(theirs.issue("localhost").serving(ours));
        service.script(request -> Reply.of(204));
    }

    @AfterEach
    void stop() {
        service.close();
    }

    @Test
    void aCertificateThatTheServiceKnowsIsEnough() throws Exception {
        try (ErasureStore store = open(theirs, ours)) {
            assertThat(store.erase(ADA)).hasSize(1);
        }
    }

    @Test
    void aCertificateThatItDoesNotKnowIsRefused() throws Exception {
        try (ErasureStore store = open(theirs, new Certificates())) {
            assertThat(unavailable(store).code()).isEqualTo("UNAUTHENTICATED");
        }
    }

    @Test
    void aServiceThatIsNotTrustedLearnsNothing() throws Exception {
        try (ErasureStore store = open(new Certificates(), ours)) {
            assertThat(unavailable(store)).hasMessageContaining("tls.authority");
        }
        assertThat(service.requests()).isEmpty();
    }

    @Test
    void aFileThatIsNoCertificateIsNamed() throws Exception {
        Files.writeString(directory.resolve("broken.pem"), "nothing");

        try (ErasureStore store = HttpStoreIT.open(
                """
                url: %s
                readBack: none
                secret: %s
                tls: { authority: "%s" }
                """.formatted(service.url("/erasures"), NewsService.SECRET, directory.resolve("broken.pem")))) {
            assertThat(unavailable(store))
                    .hasMessageContaining("broken.pem")
                    .extracting(StoreUnavailableException::code)
                    .isEqualTo("MISCONFIGURED");
        }
    }

    private static StoreUnavailableException unavailable(ErasureStore store) {
        var thrown = catchThrowableOfType(StoreUnavailableException.class, () -> store.erase(ADA));
        assertThat(thrown).isNotNull();
        return thrown;
    }

    private ErasureStore open(Certificates trusted, Certificates issuer) throws Exception {
        var own = issuer.issue("lethe");
        return HttpStoreIT.open("""
                url: %s
                readBack: none
                tls: { authority: "%s", certificate: "%s", key: "%s" }
                """.formatted(
                        service.url("/erasures"),
                        trusted.authority(directory),
                        own.certificate(directory),
                        own.key(directory)));
    }
}
