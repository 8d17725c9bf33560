package dev.lethe.quickstart.fusionauth;

import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/** Sends events to webhooks. One virtual thread per delivery: a receiver that hangs holds up its own only. */
final class WebhookSender implements AutoCloseable {

    private static final int FURTHER_TRIES = 3;
    private static final Duration RETRY_AFTER = Duration.ofSeconds(1);

    private final SigningKeys keys;
    private final ExecutorService deliveries = Executors.newVirtualThreadPerTaskExecutor();
    private final Executor later =
            CompletableFuture.delayedExecutor(RETRY_AFTER.toMillis(), TimeUnit.MILLISECONDS, deliveries);

    /** A client has one connect time-out. */
    private final Map<Duration, HttpClient> clients = new ConcurrentHashMap<>();

    WebhookSender(SigningKeys keys) {
        this.keys = keys;
    }

    /** Sends without waiting for answers, and without a second try. */
    void send(Event event, List<Webhook> webhooks) {
        webhooks.forEach(webhook -> deliveries.execute(() -> deliver(event, webhook)));
    }

    /**
     * Sends and waits for the answers. True if they are enough for the operation to go on; the webhooks that failed then get up
     * to three more tries in the background.
     */
    boolean sendTransactionally(Event event, List<Webhook> webhooks, TransactionType type) {
        List<CompletableFuture<Boolean>> answers = webhooks.stream()
                .map(webhook -> CompletableFuture.supplyAsync(() -> deliver(event, webhook), deliveries))
                .toList();
        List<Boolean> successes = answers.stream().map(CompletableFuture::join).toList();
        int succeeded = (int) successes.stream().filter(success -> success).count();
        if (!type.isMetBy(succeeded, webhooks.size())) {
            return false;
        }
        for (int i = 0; i < webhooks.size(); i++) {
            if (!successes.get(i)) {
                retry(event, webhooks.get(i), FURTHER_TRIES);
            }
        }
        return true;
    }

    @Override
    public void close() {
        deliveries.shutdownNow();
        clients.values().forEach(HttpClient::shutdownNow);
    }

    private void retry(Event event, Webhook webhook, int triesLeft) {
        if (triesLeft > 0 && !deliveries.isShutdown()) {
            later.execute(() -> {
                if (!deliver(event, webhook)) {
                    retry(event, webhook, triesLeft - 1);
                }
            });
        }
    }

    private boolean deliver(Event event, Webhook webhook) {
        try {
            int status = client(webhook.connectTimeout())
                    .send(request(event, webhook), BodyHandlers.discarding())
                    .statusCode();
            return status >= 200 && status <= 299;
        } catch (IOException | IllegalArgumentException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private HttpRequest request(Event event, Webhook webhook) {
        HttpRequest.Builder request = HttpRequest.newBuilder(webhook.url())
                .timeout(webhook.readTimeout())
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofByteArray(event.body()));
        webhook.headers().forEach(request::setHeader);
        if (webhook.signingKeyId() != null) {
            request.setHeader("X-FusionAuth-Signature-JWT", keys.sign(webhook.signingKeyId(), event.body()));
        }
        return request.build();
    }

    private HttpClient client(Duration connectTimeout) {
        return clients.computeIfAbsent(
                connectTimeout,
                timeout -> HttpClient.newBuilder()
                        .version(HttpClient.Version.HTTP_1_1)
                        .connectTimeout(timeout)
                        .build());
    }
}
