package dev.lethe.ingress.authentication;

import io.javalin.Javalin;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** A server that answers who would be let in: {@code in}, or the refusal. */
final class Door implements AutoCloseable {
    private final HttpClient client = HttpClient.newHttpClient();
    private final List<Authentication> authentications;
    private final Javalin server;

    Door(List<Authentication> authentications) {
        this.authentications = authentications;
        this.server = Javalin.create(config -> {
                    config.startup.showJavalinBanner = false;
                    config.jetty.port = 0;
                    config.jetty.modifyHttpConfiguration(http -> http.setHeaderCacheCaseSensitive(true));
                    config.routes.post("/", call -> {
                        byte[] body = call.bodyAsBytes();
                        call.result(Stream.concat(
                                        authentications.stream().map(authentication -> authentication.refusal(call)),
                                        authentications.stream()
                                                .map(authentication -> authentication.refusal(call, body)))
                                .flatMap(Optional::stream)
                                .findFirst()
                                .map(Refusal::name)
                                .orElse("in"));
                    });
                })
                .start();
    }

    /** @param headers names and values, in turn */
    String knock(byte[] body, List<String> headers) throws IOException, InterruptedException {
        var request = HttpRequest.newBuilder(URI.create("http://localhost:" + server.port() + "/"))
                .POST(BodyPublishers.ofByteArray(body));
        for (int i = 0; i < headers.size(); i += 2) {
            request.header(headers.get(i), headers.get(i + 1));
        }
        return client.send(request.build(), BodyHandlers.ofString()).body();
    }

    @Override
    public void close() {
        authentications.forEach(Authentication::close);
        server.stop();
        client.close();
    }
}
