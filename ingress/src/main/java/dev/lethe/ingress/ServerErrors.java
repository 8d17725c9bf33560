package dev.lethe.ingress;

import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.handler.ErrorHandler;
import org.eclipse.jetty.util.Callback;

/** What the server refuses before a call gets to the webhook, in the same form as the rest: broken HTTP, or a server that stops. */
final class ServerErrors extends ErrorHandler {
    private final IngressMetrics metrics;

    ServerErrors(IngressMetrics metrics) {
        this.metrics = metrics;
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) {
        metrics.refusedByServer(response.getStatus());
        boolean stopping = response.getStatus() == Answer.OVERLOADED.status().getCode();
        if (stopping) {
            response.getHeaders().put(HttpHeader.RETRY_AFTER, "1");
        }
        response.getHeaders().put(HttpHeader.CONTENT_TYPE, "application/json");
        String errors = stopping
                ? "{\"errors\":[{\"code\":\"[stopping]\",\"message\":\"the service is stopping; send the event again\"}]}"
                : "{\"errors\":[{\"code\":\"[invalidHTTP]\"}]}";
        Content.Sink.write(response, true, errors, callback);
        return true;
    }
}
