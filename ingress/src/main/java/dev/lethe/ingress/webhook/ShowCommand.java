package dev.lethe.ingress.webhook;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.lethe.config.MisconfiguredException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** {@code lethe webhook show}. */
@Command(
        name = "show",
        sortOptions = false,
        mixinStandardHelpOptions = true,
        description = {
            "Say whether a user.delete reaches the ingress. Three switches have to be on: the tenant sends the event, the"
                    + " webhook wants it, and the webhook covers the tenant.",
            "",
            "Exit code 1 if one is off in a tenant that counts: those of --tenant; without it, those that the webhook"
                    + " covers, of which there has to be one.",
            ""
        })
final class ShowCommand implements Callable<Integer> {
    @Spec
    @SuppressWarnings("NullAway.Init") // filled by picocli
    private CommandSpec spec;

    @ParentCommand
    @SuppressWarnings("NullAway.Init") // filled by picocli
    private WebhookCommand parent;

    @Mixin
    private final FusionAuthOption fusionAuth = new FusionAuthOption();

    @Mixin
    private final WebhookOption webhook = new WebhookOption();

    @Mixin
    private final TenantOptions tenants = new TenantOptions();

    @Option(names = "--json", description = "Print it for machines.")
    private boolean json;

    @Override
    public Integer call() throws MisconfiguredException, FusionAuthException, InterruptedException {
        webhook.id();
        try (FusionAuthClient client = fusionAuth.connect(parent.credentials())) {
            List<ObjectNode> webhooks = client.webhooks();
            Optional<ObjectNode> found = webhook.find(webhooks);
            ObjectNode shown = found.orElseGet(JsonNodeFactory.instance::objectNode);
            var routes = new ArrayList<EventRoute>();
            for (ObjectNode tenant : tenants.isEmpty() ? client.tenants() : tenants.fetch(client)) {
                routes.add(EventRoute.of(shown, tenant));
            }
            boolean open = found.isPresent() && isOpen(routes);
            if (json) {
                say(json(found, routes, open).toPrettyString());
            } else if (found.isPresent()) {
                lines(shown).forEach(this::say);
                routes.forEach(route -> {
                    say("");
                    route.lines().forEach(this::say);
                });
            } else {
                sayMissing(webhooks);
            }
            return open ? 0 : 1;
        }
    }

    private boolean isOpen(List<EventRoute> routes) {
        List<EventRoute> counting = tenants.isEmpty()
                ? routes.stream().filter(EventRoute::webhookCovers).toList()
                : routes;
        return !counting.isEmpty() && counting.stream().allMatch(EventRoute::isOpen);
    }

    private void sayMissing(List<ObjectNode> webhooks) {
        say("There is no webhook " + webhook.id()
                + ": a user.delete does NOT reach the ingress. 'lethe webhook register'" + " makes it.");
        webhook.idOfAnother(webhooks)
                .ifPresent(
                        other -> say("But webhook " + other + " calls the same URL: see --webhook-id " + other + "."));
    }

    private static List<String> lines(ObjectNode webhook) {
        var lines = new ArrayList<String>();
        lines.add("Webhook " + webhook.path("id").asText() + " ("
                + webhook.path("description").asText("without a name") + ")");
        lines.add("  calls       " + Redaction.url(webhook.path("url").asText()));
        int readTimeout = webhook.path("readTimeout").asInt();
        lines.add("  time-outs   connect " + webhook.path("connectTimeout").asInt() + " ms, read " + readTimeout + " ms"
                + (readTimeout < WebhookRegistration.MIN_READ_TIMEOUT
                        ? ", which is too short: the ingress may take 1.6 s. Register again."
                        : ""));
        lines.add("  sends       " + authentication(webhook));
        lines.add("  covers      "
                + (webhook.path("global").asBoolean()
                        ? "all tenants"
                        : webhook.path("tenantIds").size() + " tenant(s)"));
        return lines;
    }

    private static String authentication(ObjectNode webhook) {
        var sent = new ArrayList<String>();
        webhook.path("headers").fieldNames().forEachRemaining(name -> sent.add(name + ": ***"));
        String user = webhook.path("httpAuthenticationUsername").asText("");
        if (!user.isEmpty()) {
            sent.add("Basic credentials of " + user);
        }
        if (webhook.at("/signatureConfiguration/enabled").asBoolean()) {
            sent.add("a signature by key "
                    + webhook.at("/signatureConfiguration/signingKeyId").asText());
        }
        return sent.isEmpty() ? "nothing that authenticates it: the ingress will refuse it" : String.join(", ", sent);
    }

    private static ObjectNode json(Optional<ObjectNode> webhook, List<EventRoute> routes, boolean open) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.set("webhook", webhook.map(Redaction::redacted).orElse(null));
        ArrayNode tenants = json.putArray("tenants");
        for (EventRoute route : routes) {
            tenants.addObject()
                    .put("id", route.tenantId())
                    .put("tenantSends", route.tenantSends())
                    .put("webhookWants", route.webhookWants())
                    .put("webhookCovers", route.webhookCovers())
                    .put("transactionType", route.transaction())
                    .put("transactional", route.isTransactional())
                    .put("reachesIngress", route.isOpen());
        }
        return json.put("reachesIngress", open);
    }

    private void say(String line) {
        spec.commandLine().getOut().println(line);
    }
}
