package dev.lethe.health;

import io.javalin.Javalin;
import io.javalin.http.ContentType;
import io.javalin.http.Context;
import io.javalin.http.HttpStatus;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * {@code /health/live} answers 200 for as long as the process does; {@code /health/ready} answers 200, or 503 with the
 * reasons: {@code {"status":"not ready","reasons":["…"]}}; {@code /metrics} is for Prometheus; {@code /openapi.json}
 * describes the API of a service that has one.
 */
public final class ManagementServer implements AutoCloseable {
    private static final String PROMETHEUS_TEXT = "text/plain; version=0.0.4; charset=utf-8";

    private final Javalin server;

    /**
     * @param reasons why the service is not ready at the moment, each with what to do; empty if it is
     * @param openApi the OpenAPI document, if the service has an API
     */
    public ManagementServer(
            HttpAddress address, Supplier<List<String>> reasons, Telemetry telemetry, Optional<String> openApi) {
        server = Javalin.create(config -> {
                    config.startup.showJavalinBanner = false;
                    config.startup.showOldJavalinVersionWarning = false;
                    config.concurrency.useVirtualThreads = true;
                    config.jetty.host = address.host();
                    config.jetty.port = address.port();
                    config.routes.get("/health/live", ctx -> ctx.json(Map.of("status", "live")));
                    config.routes.get("/health/ready", ctx -> ready(ctx, reasons.get()));
                    config.routes.get(
                            "/metrics", ctx -> ctx.contentType(PROMETHEUS_TEXT).result(telemetry.scrape()));
                    openApi.ifPresent(document -> config.routes.get(
                            "/openapi.json",
                            ctx -> ctx.contentType(ContentType.APPLICATION_JSON).result(document)));
                })
                .start();
    }

    /** The port in use: the configured one, or the one that was free where 0 is configured. */
    public int port() {
        return server.port();
    }

    private static void ready(Context ctx, List<String> reasons) {
        if (reasons.isEmpty()) {
            ctx.json(Map.of("status", "ready"));
        } else {
            ctx.status(HttpStatus.SERVICE_UNAVAILABLE).json(Map.of("status", "not ready", "reasons", reasons));
        }
    }

    @Override
    public void close() {
        server.stop();
    }
}
