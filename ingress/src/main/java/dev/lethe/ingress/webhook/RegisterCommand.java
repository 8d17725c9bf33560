package dev.lethe.ingress.webhook;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.lethe.cli.CommandFailedException;
import dev.lethe.config.MisconfiguredException;
import dev.lethe.config.Secret;
import dev.lethe.ingress.webhook.WebhookWish.Basic;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** {@code lethe webhook register}. */
@Command(
        name = "register",
        sortOptions = false,
        mixinStandardHelpOptions = true,
        description = {
            "Make or change the webhook that calls the ingress, and switch user.delete on in the tenants.",
            "",
            "What an existing webhook has besides stays as it is. Running it again changes nothing.",
            "",
            "The ingress's API key is read from LETHE_API_KEY and sent as the header Authorization, unless --basic takes"
                    + " that header; with --signing-key it may be missing. The password of --basic is read from"
                    + " LETHE_BASIC_PASSWORD. On a terminal, what is missing is asked for.",
            ""
        })
final class RegisterCommand implements Callable<Integer> {
    private static final Pattern HEADER =
            Pattern.compile("(?:(?<name>[A-Za-z0-9-]+)=)?(?<variable>[A-Za-z_][A-Za-z0-9_]*)");

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

    @Option(
            names = "--global",
            description = "All tenants, later ones too (switch user.delete on in those by registering again). Without"
                    + " --tenant and --global, the only tenant; where there are several, say which.")
    private boolean global;

    @Option(
            names = "--signing-key",
            paramLabel = "KEY_ID",
            description = "The id of the key in FusionAuth that signs each event (X-FusionAuth-Signature-JWT).")
    @Nullable
    private UUID signingKey;

    @Option(
            names = "--header-key-env",
            paramLabel = "[HEADER=]VARIABLE",
            description =
                    "The environment variable with the API key that the ingress expects, and the header that it is"
                            + " expected in (default: Authorization=LETHE_API_KEY). Several, if given more than once.")
    private List<String> headerVariables = List.of();

    @Option(
            names = "--basic",
            paramLabel = "USER",
            description = "The user name of the ingress's HTTP Basic credentials.")
    @Nullable
    private String basicUser;

    @Option(
            names = "--transaction",
            paramLabel = "LEVEL",
            defaultValue = "AbsoluteMajority",
            converter = TransactionLevel.Converter.class,
            completionCandidates = TransactionLevel.Candidates.class,
            description = "How many webhooks have to agree before FusionAuth deletes a user: ${COMPLETION-CANDIDATES}"
                    + " (default: ${DEFAULT-VALUE}). With None, FusionAuth neither waits nor tries twice, and requests"
                    + " are lost while the ingress is away.")
    private TransactionLevel transaction = TransactionLevel.ABSOLUTE_MAJORITY;

    @Option(
            names = "--connect-timeout",
            paramLabel = "MS",
            description = "How long FusionAuth tries to connect (default: 1000, or what the webhook has).")
    @Nullable
    private Integer connectTimeout;

    @Option(
            names = "--read-timeout",
            paramLabel = "MS",
            description = "How long FusionAuth waits for the answer, at least 2000 (default: 2000, or what the webhook"
                    + " has).")
    @Nullable
    private Integer readTimeout;

    @Option(names = "--description", paramLabel = "TEXT", description = "What the webhook is called in FusionAuth.")
    @Nullable
    private String description;

    @Option(
            names = "--dry-run",
            description = "Print the calls that would be made, with *** for secrets, and change nothing.")
    private boolean dryRun;

    @Override
    public Integer call()
            throws MisconfiguredException, CommandFailedException, FusionAuthException, InterruptedException {
        checkOptions();
        Credentials credentials = parent.credentials();
        try (FusionAuthClient client = fusionAuth.connect(credentials)) {
            Map<String, Secret> headers = headers(credentials);
            Basic basic = basicUser == null
                    ? null
                    : new Basic(
                            basicUser,
                            credentials.require(
                                    Credentials.BASIC_PASSWORD, "The password of the ingress's Basic credentials"));
            // All is read before anything is changed, so that a wrong id changes nothing.
            List<ObjectNode> webhooks = client.webhooks();
            List<ObjectNode> chosen = chosenTenants(client);
            refuseDuplicate(webhooks);
            var wish = new WebhookWish(
                    webhook.url(),
                    global,
                    chosen.stream().map(RegisterCommand::id).toList(),
                    headers,
                    basic,
                    signingKey,
                    connectTimeout,
                    readTimeout,
                    description);
            var registration = new WebhookRegistration(webhook.id(), wish, transaction);
            List<ApiCall> calls = registration.calls(webhook.find(webhooks), chosen);
            if (dryRun) {
                print(calls);
                return 0;
            }
            return make(calls, client, chosen);
        }
    }

    private void checkOptions() {
        webhook.url();
        if (global && !tenants.isEmpty()) {
            throw misused("--global and --tenant exclude each other: a global webhook hears of every tenant.");
        }
        if (connectTimeout != null && connectTimeout <= 0) {
            throw misused("--connect-timeout is a number of milliseconds above 0.");
        }
        if (readTimeout != null && readTimeout < WebhookRegistration.MIN_READ_TIMEOUT) {
            throw misused("--read-timeout is at least " + WebhookRegistration.MIN_READ_TIMEOUT
                    + ": the ingress may take 1.6 s before it says that Kafka has not committed a request, and FusionAuth"
                    + " must not have hung up by then.");
        }
        if (basicUser != null && (basicUser.isBlank() || basicUser.indexOf(':') >= 0)) {
            throw misused("The user name of --basic is neither blank nor has a colon; the password is read from "
                    + Credentials.BASIC_PASSWORD + ".");
        }
        if (basicUser != null && headerVariables().containsKey("Authorization")) {
            throw misused("--basic and an API key in Authorization exclude each other, being the same header. Have the"
                    + " ingress expect the API key in another one, and name it: --header-key-env X-Lethe-Key="
                    + Credentials.INGRESS_API_KEY);
        }
    }

    /** The variable for each header. Without the option, what is sent in {@code Authorization} depends on the rest. */
    private Map<String, String> headerVariables() {
        var variables = new LinkedHashMap<String, String>();
        for (String option : headerVariables) {
            var parts = HEADER.matcher(option);
            if (!parts.matches()) {
                throw misused("--header-key-env names an environment variable, VARIABLE or HEADER=VARIABLE; it never"
                        + " holds the key itself.");
            }
            String name = parts.group("name");
            String header = name == null || name.equalsIgnoreCase("Authorization") ? "Authorization" : name;
            if (variables.put(header, parts.group("variable")) != null) {
                throw misused("--header-key-env names the header " + header + " twice.");
            }
        }
        return variables;
    }

    private Map<String, Secret> headers(Credentials credentials) throws MisconfiguredException {
        Map<String, String> variables = headerVariables();
        boolean needed = signingKey == null || credentials.has(Credentials.INGRESS_API_KEY);
        if (variables.isEmpty() && basicUser == null && needed) {
            variables.put("Authorization", Credentials.INGRESS_API_KEY);
        }
        var headers = new LinkedHashMap<String, Secret>();
        for (Map.Entry<String, String> header : variables.entrySet()) {
            String what = "The ingress's API key" + (variables.size() > 1 ? " for " + header.getKey() : "");
            headers.put(header.getKey(), credentials.require(header.getValue(), what));
        }
        return headers;
    }

    private List<ObjectNode> chosenTenants(FusionAuthClient client) throws FusionAuthException, InterruptedException {
        if (!tenants.isEmpty()) {
            return tenants.fetch(client);
        }
        List<ObjectNode> all = client.tenants();
        if (!global && all.size() > 1) {
            throw misused("There are several tenants: name those whose deleted users are to be erased with --tenant, or"
                    + " all of them with --global."
                    + String.join(
                            "",
                            all.stream()
                                    .map(tenant -> System.lineSeparator() + "  " + EventRoute.label(tenant))
                                    .toList()));
        }
        return all;
    }

    private void refuseDuplicate(List<ObjectNode> webhooks) throws CommandFailedException {
        var other = webhook.idOfAnother(webhooks);
        if (webhook.find(webhooks).isEmpty() && other.isPresent()) {
            throw new CommandFailedException(
                    "The webhook " + other.get() + " calls this URL already. To change that one," + " add --webhook-id "
                            + other.get() + "; or remove it first.");
        }
    }

    private void print(List<ApiCall> calls) {
        say(
                calls.isEmpty()
                        ? "Nothing to change."
                        : "Nothing is changed. Without --dry-run, these calls would be made:");
        calls.forEach(call -> say(call.print()));
    }

    private int make(List<ApiCall> calls, FusionAuthClient client, List<ObjectNode> chosen)
            throws FusionAuthException, CommandFailedException, InterruptedException {
        for (ApiCall call : calls) {
            client.make(call);
            say(call.done());
        }
        if (calls.isEmpty()) {
            say("Nothing to change: webhook " + webhook.id() + " and its tenants are as they should be.");
        }
        // Read again: what counts is what FusionAuth made of it.
        ObjectNode registered = webhook.find(client.webhooks())
                .orElseThrow(() -> new CommandFailedException(
                        "The webhook is not there, although FusionAuth accepted it. Is somebody else removing it?"));
        boolean open = true;
        for (ObjectNode tenant : chosen) {
            EventRoute route = EventRoute.of(registered, client.tenant(id(tenant)));
            say(route.tenant() + ": " + route.verdict());
            open &= route.isOpen();
        }
        return open ? 0 : 1;
    }

    private ParameterException misused(String message) {
        return new ParameterException(spec.commandLine(), message);
    }

    private static UUID id(ObjectNode tenant) {
        return UUID.fromString(tenant.path("id").asText());
    }

    private void say(String line) {
        spec.commandLine().getOut().println(line);
    }
}
