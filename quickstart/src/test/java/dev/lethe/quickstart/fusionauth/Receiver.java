package dev.lethe.quickstart.fusionauth;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** A webhook's receiver that answers what the test wants, or nothing. */
final class Receiver implements AutoCloseable {

    record Delivery(Headers headers, byte[] body) {

        JsonNode event() {
            try {
                return Json.read(body).path("event");
            } catch (IOException e) {
                throw new AssertionError(e);
            }
        }
    }

    private final List<Delivery> deliveries = new CopyOnWriteArrayList<>();
    private final CountDownLatch closed = new CountDownLatch(1);
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final HttpServer server;
    private volatile int status = 200;
    private volatile boolean hangs;
    private volatile Runnable onDelivery = () -> {};

    Receiver() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 1000);
        server.setExecutor(threads);
        server.createContext("/", this::receive);
        server.start();
    }

    String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort() + "/";
    }

    Receiver answering(int newStatus) {
        status = newStatus;
        return this;
    }

    Receiver hanging() {
        hangs = true;
        return this;
    }

    Receiver onDelivery(Runnable action) {
        onDelivery = action;
        return this;
    }

    List<Delivery> deliveries() {
        return List.copyOf(deliveries);
    }

    List<String> eventTypes() {
        return deliveries.stream()
                .map(delivery -> delivery.event().path("type").asText())
                .toList();
    }

    private void receive(HttpExchange exchange) throws IOException {
        deliveries.add(new Delivery(
                exchange.getRequestHeaders(), exchange.getRequestBody().readAllBytes()));
        onDelivery.run();
        if (hangs) {
            await();
        }
        exchange.sendResponseHeaders(status, -1);
        exchange.close();
    }

    private void await() {
        try {
            closed.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        closed.countDown();
        server.stop(0);
        threads.shutdownNow();
    }
}
