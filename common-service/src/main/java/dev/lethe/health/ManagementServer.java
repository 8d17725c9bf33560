package dev.lethe.health;

import io.javalin.Javalin;
import io.javalin.http.Context;
import io.javalin.http.HttpStatus;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/**
 * {@code /health/live} answers 200 for as long as the process does. {@code /health/ready} answers 200 with the status {@code
 * ready} or {@code degraded}, or 503 with {@code not ready}, and the reasons: {@code {"status":"…","reasons":["…"]}}; {@code
 * /health} answers the same. {@code /metrics} is for Prometheus. A service can add documents of its own.
 */
public final class ManagementServer implements AutoCloseable {
    private static final String PROMETHEUS_TEXT = "text/plain; version=0.0.4; charset=utf-8";

    private final Javalin server;

    /** @param documents what else is answered as JSON, by path */
    public ManagementServer(
            HttpAddress address, Health health, Telemetry telemetry, Map<String, Supplier<Object>> documents) {
        server = Javalin.create(config -> {
                    config.startup.showJavalinBanner = false;
                    config.startup.showOldJavalinVersionWarning = false;
                    config.concurrency.useVirtualThreads = true;
                    config.jetty.host = address.host();
                    config.jetty.port = address.port();
                    config.routes.get("/health/live", ctx -> ctx.json(Map.of("status", "live")));
                    config.routes.get("/health/ready", ctx -> ready(ctx, health));
                    config.routes.get("/health", ctx -> ready(ctx, health));
                    config.routes.get(
                            "/metrics", ctx -> ctx.contentType(PROMETHEUS_TEXT).result(telemetry.scrape()));
                    documents.forEach((path, document) -> config.routes.get(path, ctx -> ctx.json(document.get())));
                })
                .start();
    }

    /** The port in use: the configured one, or the one that was free where 0 is configured. */
    public int port() {
        return server.port();
    }

    private static void ready(Context ctx, Health health) {
        List<String> problems = health.problems();
        List<String> degradations = health.degradations();
        if (!problems.isEmpty()) {
            ctx.status(HttpStatus.SERVICE_UNAVAILABLE).json(Map.of("status", "not ready", "reasons", problems));
        } else if (!degradations.isEmpty()) {
            ctx.json(Map.of("status", "degraded", "reasons", degradations));
        } else {
            ctx.json(Map.of("status", "ready"));
        }
    }

    @Override
    public void close() {
        server.stop();
    }
}
