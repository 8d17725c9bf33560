package dev.lethe.quickstart.fusionauth;

import com.fasterxml.jackson.databind.node.ObjectNode;
import org.jspecify.annotations.Nullable;

/** An answer other than 200: most have no body. */
final class ApiException extends RuntimeException {

    private final int status;
    private final transient @Nullable ObjectNode body;

    private ApiException(int status, @Nullable ObjectNode body) {
        super("HTTP " + status, null, false, false);
        this.status = status;
        this.body = body;
    }

    static ApiException notFound() {
        return new ApiException(404, null);
    }

    static ApiException badRequest(ObjectNode errors) {
        return new ApiException(400, errors);
    }

    static ApiException transactionFailed() {
        ApiErrors errors = new ApiErrors();
        errors.general(
                "[WebhookTransactionException]",
                "One or more webhooks returned an invalid response or were unreachable. Based on your transaction configuration,"
                        + " your action cannot be completed.");
        return new ApiException(504, errors.toJson());
    }

    int status() {
        return status;
    }

    @Nullable
    ObjectNode body() {
        return body;
    }
}
