package dev.lethe.ingress.webhook;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Which webhook. */
final class WebhookOption {
    @Spec(Spec.Target.MIXEE)
    @SuppressWarnings("NullAway.Init") // filled by picocli
    private CommandSpec spec;

    @Option(
            names = "--url",
            paramLabel = "INGRESS_URL",
            converter = HttpUrl.class,
            description = "What FusionAuth calls, as FusionAuth sees it, such as"
                    + " https://lethe.example.org/webhook-user-delete.")
    @Nullable
    private URI url;

    @Option(
            names = "--webhook-id",
            paramLabel = "ID",
            description = "The id of the webhook in FusionAuth. Without it, an id that follows from --url.")
    @Nullable
    private UUID id;

    UUID id() {
        return id != null ? id : WebhookWish.idFor(url());
    }

    URI url() {
        if (url == null) {
            throw new ParameterException(
                    spec.commandLine(),
                    "Missing option: --url"
                            + (spec.name().equals("register")
                                    ? ""
                                    : " (or --webhook-id) says which webhook is meant."));
        }
        return url;
    }

    Optional<ObjectNode> find(List<ObjectNode> webhooks) {
        UUID wanted = id();
        return webhooks.stream()
                .filter(webhook -> webhook.path("id").asText().equalsIgnoreCase(wanted.toString()))
                .findFirst();
    }

    /** A webhook that calls the same URL under another id: made by hand, or with {@code --webhook-id}. */
    Optional<String> idOfAnother(List<ObjectNode> webhooks) {
        if (id != null || url == null) {
            return Optional.empty();
        }
        String wanted = url.toString();
        return webhooks.stream()
                .filter(webhook -> webhook.path("url").asText().equals(wanted))
                .map(webhook -> webhook.path("id").asText())
                .filter(other -> !other.equalsIgnoreCase(id().toString()))
                .findFirst();
    }
}
