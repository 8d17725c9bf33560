package dev.lethe.quickstart.newsletter;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.standardwebhooks.Webhook;
import com.standardwebhooks.exceptions.WebhookVerificationException;
import io.javalin.Javalin;
import io.javalin.http.Context;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.sql.DataSource;

/**
 * The HTTP side of the newsletter, on 127.0.0.1: {@code POST /erasures} and {@code POST /counts}, as docs/http-store.md has them.
 * Whoever asks signs by Standard Webhooks. It logs nobody's data.
 */
public final class NewsletterService implements AutoCloseable {
    public static final List<String> TARGETS = Readers.TARGETS;

    static final String ERASURE = "erasure";
    private static final String COUNT = "count";

    private final Readers readers;
    private final Webhook signature;
    private final Javalin server;

    /**
     * Starts it.
     *
     * @param database has the tables of a newsletter
     * @param secret {@code whsec_} and base64, by which requests are signed
     */
    public NewsletterService(int port, DataSource database, String secret) {
        readers = new Readers(database);
        signature = new Webhook(secret);
        server = Javalin.create(config -> {
            config.startup.showJavalinBanner = false;
            config.concurrency.useVirtualThreads = true;
            // Messages of the driver repeat values. The caller comes again.
            config.routes.exception(SQLException.class, (e, context) -> context.status(503));
            config.routes.post("/erasures", context -> answer(context, ERASURE, readers::erase));
            config.routes.post("/counts", context -> answer(context, COUNT, readers::count));
        });
        server.start("127.0.0.1", port);
    }

    public String url() {
        return "http://127.0.0.1:" + server.port();
    }

    private interface Answer {
        List<Map<String, Long>> to(List<Asked> subjects) throws SQLException;
    }

    private void answer(Context context, String type, Answer answer) throws SQLException {
        if (!isSigned(context)) {
            context.status(401);
            return;
        }
        Optional<List<Asked>> asked = Asked.parse(context.bodyAsBytes(), type);
        if (asked.isEmpty()) {
            context.status(400);
            return;
        }
        List<Asked> subjects = asked.orElseThrow();
        List<Map<String, Long>> counts = answer.to(subjects);
        ObjectNode body = JsonNodeFactory.instance.objectNode();
        TARGETS.forEach(body.putArray("targets")::add);
        var results = body.putArray("results");
        for (int i = 0; i < subjects.size(); i++) {
            ObjectNode result = results.addObject().put("key", subjects.get(i).key());
            counts.get(i).forEach(result.putObject("items")::put);
        }
        context.contentType("application/json").result(body.toString());
    }

    private boolean isSigned(Context context) {
        Map<String, List<String>> headers = Stream.of("webhook-id", "webhook-timestamp", "webhook-signature")
                .collect(Collectors.toMap(
                        name -> name,
                        name -> Stream.ofNullable(context.header(name)).toList()));
        try {
            signature.verify(new String(context.bodyAsBytes(), StandardCharsets.UTF_8), headers);
            return true;
        } catch (WebhookVerificationException e) {
            return false;
        }
    }

    @Override
    public void close() {
        server.stop();
    }
}
