package dev.lethe.quickstart;

import dev.lethe.quickstart.newsletter.NewsletterService;
import dev.lethe.quickstart.sample.NewsletterDatabase;
import dev.lethe.quickstart.sample.SampleStore;
import dev.lethe.quickstart.server.PostgresServer;
import java.security.SecureRandom;
import java.sql.SQLException;
import java.util.Base64;
import java.util.concurrent.ExecutionException;
import javax.sql.DataSource;

/** A service: it sends newsletters, keeps its readers in a database of its own, and erases them when it is asked over HTTP. */
final class Newsletter implements FurtherStore {
    private static final int SECRET_BYTES = 32;

    private final NewsletterService service;
    private final String secret;
    private final NewsletterDatabase contents;

    private Newsletter(NewsletterService service, String secret, NewsletterDatabase contents) {
        this.service = service;
        this.secret = secret;
        this.contents = contents;
    }

    /** Waits for PostgreSQL. */
    static Newsletter start(Site site) throws ExecutionException, InterruptedException {
        PostgresServer postgres = site.postgres().get();
        return site.progress()
                .timed(
                        "newsletter service",
                        () -> start(postgres, site),
                        newsletter ->
                                newsletter.service.url() + ", " + site.people().size() + " readers");
    }

    private static Newsletter start(PostgresServer postgres, Site site) throws SQLException {
        postgres.createDatabase("newsletter");
        DataSource database = postgres.dataSource("newsletter");
        var contents = new NewsletterDatabase(database);
        contents.create();
        contents.fill(site.people());
        String secret = newSecret();
        return new Newsletter(new NewsletterService(site.ports().applyAsInt(8083), database, secret), secret, contents);
    }

    private static String newSecret() {
        byte[] secret = new byte[SECRET_BYTES];
        new SecureRandom().nextBytes(secret);
        return "whsec_" + Base64.getEncoder().encodeToString(secret);
    }

    @Override
    public String name() {
        return "newsletter";
    }

    @Override
    public String yaml() {
        return """
                type: http
                url: %1$s/erasures
                readBack: %1$s/counts
                mode: batch
                secret: %2$s  # signs the requests
                optionalIdentifiers: [email]  # besides userId
                targets: [%3$s]
                """.formatted(service.url(), secret, String.join(", ", NewsletterService.TARGETS));
    }

    @Override
    public SampleStore contents() {
        return contents;
    }

    @Override
    public void close() {
        service.close();
    }
}
