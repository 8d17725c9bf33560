package dev.lethe.bench;

import io.javalin.Javalin;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/** Stores behind HTTP that take their time for every person. */
final class SlowService implements AutoCloseable {
    private final Map<String, LongAdder> asked = new ConcurrentHashMap<>();
    private final Javalin server;

    SlowService(Duration latency) {
        server = Javalin.create(javalin -> {
                    javalin.startup.showJavalinBanner = false;
                    javalin.startup.showOldJavalinVersionWarning = false;
                    javalin.concurrency.useVirtualThreads = true;
                    javalin.jetty.host = "127.0.0.1";
                    javalin.routes.post("/{store}", ctx -> {
                        Thread.sleep(latency);
                        asked.computeIfAbsent(ctx.pathParam("store"), s -> new LongAdder())
                                .increment();
                        ctx.status(200);
                    });
                })
                .start(0);
    }

    /** A store of this name, as in a worker's configuration. */
    String store(String name) {
        return "%s: { type: http, url: \"http://127.0.0.1:%d/%s\", readBack: none, apiKey: { value: key } }\n"
                .formatted(name, server.port(), name);
    }

    /** How many people a store was asked to erase. */
    long asked(String store) {
        return asked.getOrDefault(store, new LongAdder()).sum();
    }

    /** How many people all stores were asked to erase. */
    long asked() {
        return asked.values().stream().mapToLong(LongAdder::sum).sum();
    }

    @Override
    public void close() {
        server.stop();
    }
}
