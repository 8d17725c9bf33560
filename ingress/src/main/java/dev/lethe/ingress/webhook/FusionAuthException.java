package dev.lethe.ingress.webhook;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.ConnectException;
import java.net.UnknownHostException;
import java.net.http.HttpTimeoutException;
import java.nio.channels.UnresolvedAddressException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeoutException;
import java.util.function.UnaryOperator;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/** FusionAuth did not do what it was asked; the message says why and what to do. */
final class FusionAuthException extends Exception {
    private static final long serialVersionUID = 1;

    /** What to look at when FusionAuth complains of a field, by the beginning of the field's name. */
    private static final Map<String, String> ADVICE = advice();

    private FusionAuthException(String message) {
        super(message);
    }

    /**
     * @param body FusionAuth's answer, if it is JSON
     * @param redaction takes secrets out of what FusionAuth says
     */
    static FusionAuthException refused(
            String call, int status, @Nullable JsonNode body, UnaryOperator<String> redaction) {
        String complaints = complaints(body, redaction);
        return new FusionAuthException(
                switch (status) {
                    case 400 -> "FusionAuth refuses " + call + " (400)" + complaints;
                    case 401 ->
                        "FusionAuth does not accept the API key for " + call + " (401). Is FUSIONAUTH_API_KEY a key of"
                                + " this FusionAuth, not expired, and allowed to make this call? Its keys are under"
                                + " Settings > API Keys.";
                    case 403 ->
                        "FusionAuth forbids " + call + " (403). May this API key be used from this address, and for all"
                                + " tenants? Its keys are under Settings > API Keys.";
                    case 404 ->
                        "FusionAuth knows nothing at " + call + " (404). Is the id right, and is --fusionauth the"
                                + " address of FusionAuth itself, without /api?";
                    default ->
                        status >= 500
                                ? "FusionAuth failed at " + call + " (" + status + ")" + complaints
                                        + System.lineSeparator()
                                        + "Its own log says more; it is safe to run this command again."
                                : "FusionAuth answered " + call + " with an unexpected " + status
                                        + ". Is --fusionauth the address of FusionAuth itself, http or https as it should"
                                        + " be?";
                });
    }

    static FusionAuthException notFusionAuth(String call) {
        return new FusionAuthException(
                "The answer to " + call + " is not FusionAuth's. Is --fusionauth the address of FusionAuth itself?");
    }

    static FusionAuthException unreachable(String url, Exception why) {
        return new FusionAuthException("FusionAuth at " + url + " " + reason(why));
    }

    private static String reason(Exception why) {
        if (isA(TimeoutException.class, why) || isA(HttpTimeoutException.class, why)) {
            return "does not answer in time. Whether the last call was carried out is unknown; it is safe to run this"
                    + " command again.";
        }
        if (isA(UnknownHostException.class, why) || isA(UnresolvedAddressException.class, why)) {
            return "can't be reached: the name of the host is unknown. Check --fusionauth.";
        }
        if (isA(ConnectException.class, why)) {
            return "can't be reached: nobody listens there. Is FusionAuth running, and --fusionauth its address?";
        }
        if (isA(SSLException.class, why)) {
            return "can't be reached by TLS. Its certificate has to be one that Java trusts"
                    + " (-Djavax.net.ssl.trustStore in LETHE_JAVA_OPTIONS) and made out to the host in --fusionauth.";
        }
        String name =
                (why instanceof IOException ? why : rootOf(why)).getClass().getSimpleName();
        return "broke off the connection (" + name + "). It is safe to run this command again.";
    }

    private static String complaints(@Nullable JsonNode body, UnaryOperator<String> redaction) {
        var lines = new ArrayList<String>();
        if (body != null) {
            body.path("fieldErrors")
                    .properties()
                    .forEach(field -> field.getValue()
                            .forEach(error -> lines.add(
                                    field.getKey() + ": " + said(error, redaction) + adviceOn(field.getKey()))));
            body.path("generalErrors").forEach(error -> lines.add(said(error, redaction)));
        }
        if (lines.isEmpty()) {
            return " without saying why.";
        }
        return ":"
                + String.join(
                        "",
                        lines.stream()
                                .map(line -> System.lineSeparator() + "  " + line)
                                .toList());
    }

    private static String said(JsonNode error, UnaryOperator<String> redaction) {
        String code = error.path("code").asText();
        String message = error.path("message").asText();
        String text = redaction.apply(message.isBlank() ? code : message + " " + code);
        return text.replaceAll("\\p{Cntrl}", " ");
    }

    private static String adviceOn(String field) {
        return ADVICE.entrySet().stream()
                .filter(advice -> field.startsWith(advice.getKey()))
                .findFirst()
                .map(advice -> System.lineSeparator() + "    " + advice.getValue())
                .orElse("");
    }

    private static Map<String, String> advice() {
        var advice = new LinkedHashMap<String, String>();
        advice.put("webhook.url", "Check --url.");
        advice.put("webhook.connectTimeout", "Check --connect-timeout.");
        advice.put("webhook.readTimeout", "Check --read-timeout.");
        advice.put(
                "webhook.tenantIds",
                "Check --tenant. A tenant that an existing webhook lists may be gone: take it out under Settings >"
                        + " Webhooks.");
        advice.put(
                "webhook.signatureConfiguration",
                "Check --signing-key: it is the id (not the kid) of a key under Settings > Key Master.");
        advice.put("webhook.httpAuthentication", "Check --basic and LETHE_BASIC_PASSWORD.");
        advice.put("webhook.headers", "Check --header-key-env.");
        advice.put("webhookId", "Somebody else made this webhook a moment ago: run this command again.");
        advice.put("tenant.eventConfiguration", "Check --transaction.");
        return advice;
    }

    private static boolean isA(Class<? extends Throwable> type, Throwable thrown) {
        return causes(thrown).stream().anyMatch(type::isInstance);
    }

    private static Throwable rootOf(Throwable thrown) {
        return causes(thrown).getLast();
    }

    private static List<Throwable> causes(Throwable thrown) {
        var causes = new ArrayList<Throwable>();
        for (Throwable cause = thrown; cause != null && causes.size() < 10; cause = cause.getCause()) {
            causes.add(cause);
        }
        return causes;
    }
}
