package dev.lethe.ingress.webhook;

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

/** {@code lethe webhook remove}. */
@Command(
        name = "remove",
        sortOptions = false,
        mixinStandardHelpOptions = true,
        description = {
            "Remove the webhook that calls the ingress. From then on, deleted users are not erased anywhere else.",
            "",
            "The tenants go on sending user.delete, which is harmless where no webhook wants it; --disable-event ends it.",
            ""
        })
final class RemoveCommand implements Callable<Integer> {
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

    @Option(
            names = "--disable-event",
            description =
                    "Switch user.delete off, too, in the tenants that the webhook covers (or those of --tenant), but"
                            + " not where another webhook wants it.")
    private boolean disableEvent;

    @Mixin
    private final TenantOptions tenants = new TenantOptions();

    @Option(names = "--dry-run", description = "Print the calls that would be made, and change nothing.")
    private boolean dryRun;

    @Override
    public Integer call() throws MisconfiguredException, FusionAuthException, InterruptedException {
        webhook.id();
        try (FusionAuthClient client = fusionAuth.connect(parent.credentials())) {
            List<ObjectNode> webhooks = client.webhooks();
            Optional<ObjectNode> found = webhook.find(webhooks);
            // The tenants come first: once the webhook is gone, nothing says any more which ones it covered.
            var calls = new ArrayList<ApiCall>();
            if (disableEvent) {
                calls.addAll(disabling(client, webhooks, found));
            }
            if (found.isPresent()) {
                calls.add(ApiCall.deleteWebhook(webhook.id()));
            } else {
                say("There is no webhook " + webhook.id() + ": nothing to remove.");
                webhook.idOfAnother(webhooks)
                        .ifPresent(other -> say("But webhook " + other
                                + " calls the same URL; to remove that one, say --webhook-id " + other + "."));
            }
            for (ApiCall call : calls) {
                if (dryRun) {
                    say(call.print());
                } else {
                    client.make(call);
                    say(call.done());
                }
            }
            if (!disableEvent && found.isPresent() && !dryRun) {
                say("The tenants' setting for user.delete is left as it is: without a webhook that wants the event, it"
                        + " holds up nothing.");
            }
            return 0;
        }
    }

    private List<ApiCall> disabling(FusionAuthClient client, List<ObjectNode> webhooks, Optional<ObjectNode> found)
            throws FusionAuthException, InterruptedException {
        var calls = new ArrayList<ApiCall>();
        for (ObjectNode tenant : coveredTenants(client, found)) {
            Optional<ObjectNode> other = webhooks.stream()
                    .filter(candidate -> found.filter(candidate::equals).isEmpty())
                    .filter(candidate -> EventRoute.of(candidate, tenant).isOpen())
                    .findFirst();
            if (other.isPresent()) {
                say(EventRoute.label(tenant) + ": user.delete stays on, because webhook "
                        + other.get().path("id").asText() + " wants it, too.");
            } else if (EventRoute.event(tenant).path("enabled").asBoolean()) {
                calls.add(ApiCall.disableEvent(tenant));
            }
        }
        return calls;
    }

    private List<ObjectNode> coveredTenants(FusionAuthClient client, Optional<ObjectNode> found)
            throws FusionAuthException, InterruptedException {
        if (!tenants.isEmpty()) {
            return tenants.fetch(client);
        }
        if (found.isEmpty()) {
            say("Without the webhook, nothing says which tenants it covered: name those in which user.delete is to be"
                    + " switched off with --tenant.");
            return List.of();
        }
        return client.tenants().stream()
                .filter(tenant -> EventRoute.of(found.get(), tenant).webhookCovers())
                .toList();
    }

    private void say(String line) {
        spec.commandLine().getOut().println(line);
    }
}
