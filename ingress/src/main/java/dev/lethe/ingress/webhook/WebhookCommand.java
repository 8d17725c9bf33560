package dev.lethe.ingress.webhook;

import dev.lethe.cli.LetheCommand;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code lethe webhook}. */
@Command(
        name = "webhook",
        subcommands = {RegisterCommand.class, ShowCommand.class, RemoveCommand.class},
        description = {
            "Have FusionAuth call the ingress before it deletes a user, and see whether it does.",
            "",
            "FusionAuth's API key is read from the environment variable FUSIONAUTH_API_KEY or, on a terminal, asked for. It"
                    + " has to allow GET, POST, PUT and DELETE on /api/webhook, and GET and PATCH on /api/tenant.",
            ""
        },
        synopsisSubcommandLabel = "COMMAND",
        commandListHeading = "Commands:%n",
        mixinStandardHelpOptions = true)
public final class WebhookCommand implements LetheCommand {
    private final Credentials credentials;

    @Spec
    @SuppressWarnings("NullAway.Init") // filled by picocli
    private CommandSpec spec;

    /** Takes secrets from the process's environment, and asks for missing ones on its terminal. */
    public WebhookCommand() {
        credentials = new Credentials(System.getenv(), Credentials::askOnTerminal);
    }

    /**
     * Takes secrets from these variables only.
     *
     * @param environment such as {@code FUSIONAUTH_API_KEY}
     */
    public WebhookCommand(Map<String, String> environment) {
        credentials = new Credentials(environment, Credentials::askNobody);
    }

    Credentials credentials() {
        return credentials;
    }

    @Override
    public Integer call() {
        throw new ParameterException(spec.commandLine(), "Name a command: register, show or remove.");
    }
}
