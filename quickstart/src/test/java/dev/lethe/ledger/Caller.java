package dev.lethe.ledger;

import dev.lethe.ledger.app.Ledger;
import java.io.IOException;
import java.net.CookieManager;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;

/** A program with an operator's token, and a browser in which the operator is signed in. */
final class Caller {
    private final HttpClient http =
            HttpClient.newBuilder().cookieHandler(new CookieManager()).build();
    private final String address;

    Caller(Ledger ledger) {
        address = "http://127.0.0.1:" + ledger.port();
    }

    /** In the browser. */
    HttpResponse<String> signIn() throws IOException, InterruptedException {
        return http.send(
                to("/console/sign-in")
                        .header("Content-Type", "application/x-www-form-urlencoded")
                        .header("Sec-Fetch-Site", "same-origin")
                        .POST(BodyPublishers.ofString("token=" + LedgerSite.TOKEN))
                        .build(),
                BodyHandlers.ofString());
    }

    HttpResponse<String> page(String path) throws IOException, InterruptedException {
        return http.send(to(path).build(), BodyHandlers.ofString());
    }

    HttpResponse<String> get(String path) throws IOException, InterruptedException {
        return send(path, BodyHandlers.ofString());
    }

    <T> HttpResponse<T> send(String path, HttpResponse.BodyHandler<T> body) throws IOException, InterruptedException {
        return http.send(
                to(path).header("Authorization", "Bearer " + LedgerSite.TOKEN).build(), body);
    }

    HttpResponse<String> post(String path, String json) throws IOException, InterruptedException {
        return http.send(
                to(path).header("Authorization", "Bearer " + LedgerSite.TOKEN)
                        .header("Content-Type", "application/json")
                        .POST(BodyPublishers.ofString(json))
                        .build(),
                BodyHandlers.ofString());
    }

    private HttpRequest.Builder to(String path) {
        return HttpRequest.newBuilder(URI.create(address + path)).timeout(Duration.ofSeconds(30));
    }
}
