package dev.lethe.bench;

import io.javalin.Javalin;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;

/** A store behind HTTP that takes its time for every person. */
final class SlowService implements AutoCloseable {
    private final AtomicInteger asked = new AtomicInteger();
    private final Javalin server;

    SlowService(Duration latency) {
        server = Javalin.create(javalin -> {
                    javalin.startup.showJavalinBanner = false;
                    javalin.startup.showOldJavalinVersionWarning = false;
                    javalin.concurrency.useVirtualThreads = true;
                    javalin.jetty.host = "127.0.0.1";
                    javalin.routes.post("/erasures", ctx -> {
                        Thread.sleep(latency);
                        asked.incrementAndGet();
                        ctx.status(200);
                    });
                })
                .start(0);
    }

    String url() {
        return "http://127.0.0.1:" + server.port() + "/erasures";
    }

    int asked() {
        return asked.get();
    }

    @Override
    public void close() {
        server.stop();
    }
}
