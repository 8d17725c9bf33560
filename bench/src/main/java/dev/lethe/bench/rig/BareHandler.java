package dev.lethe.bench.rig;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.javalin.Javalin;
import io.javalin.http.Context;
import java.io.IOException;
import java.util.Map;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.handler.GracefulHandler;

/** The limit of an ingress: a handler that parses the body and answers, on the same server with the same settings. */
final class BareHandler {
    private static final JsonMapper JSON = new JsonMapper();

    private BareHandler() {}

    public static void main(String[] arguments) {
        int port = Integer.parseInt(arguments[0]);
        Javalin.create(javalin -> {
                    javalin.startup.showJavalinBanner = false;
                    javalin.startup.showOldJavalinVersionWarning = false;
                    javalin.jetty.modifyHttpConfiguration(http -> http.setHeaderCacheCaseSensitive(true));
                    javalin.jetty.addConnector((server, http) -> {
                        var connector = new ServerConnector(server, new HttpConnectionFactory(http));
                        connector.setHost("127.0.0.1");
                        connector.setPort(port);
                        connector.setAcceptQueueSize(1024);
                        return connector;
                    });
                    javalin.jetty.modifyServer(server -> server.insertHandler(new GracefulHandler()));
                    javalin.routes.get("/health/ready", ctx -> ctx.result("ready"));
                    javalin.routes.post("/webhook-user-delete", BareHandler::answer);
                })
                .start();
    }

    private static void answer(Context ctx) throws IOException {
        JsonNode event = JSON.readTree(ctx.bodyAsBytes());
        ctx.json(Map.of("status", "accepted", "requestId", event.at("/event/id").asText()));
    }
}
