package dev.lethe.ledger.app;

import dev.lethe.cli.LetheCommand;
import dev.lethe.ledger.keys.LedgerKeys;
import dev.lethe.ledger.keys.LedgerKeys.LedgerKeysException;
import java.nio.file.Path;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code lethe ledger-keys}. */
@Command(
        name = "ledger-keys",
        description = {
            "Make and rotate the keys with which the ledger signs certificates.",
            "",
            "One file holds the private keys (Ed25519), and only the ledger needs it. Beside it is one with the public"
                    + " keys, which is no secret: whoever checks a certificate needs it, and should have it from you in"
                    + " another way than the certificate.",
            ""
        },
        synopsisSubcommandLabel = "COMMAND",
        commandListHeading = "Commands:%n",
        mixinStandardHelpOptions = true)
public final class LedgerKeysCommand implements LetheCommand {
    private static final String PRIVATE_FILE = "ledger-keys.json";
    private static final String PUBLIC_FILE = "ledger-keys.public.json";
    private static final String WHICH = "The file of private keys (default: ${DEFAULT-VALUE}).";
    private static final String WHICH_PUBLIC = "The file of public keys (default: ${DEFAULT-VALUE}).";

    @Spec
    @SuppressWarnings("NullAway.Init") // filled by picocli
    private CommandSpec spec;

    @Override
    public Integer call() {
        throw new ParameterException(spec.commandLine(), "Name a command: create or rotate.");
    }

    @Command(
            name = "create",
            mixinStandardHelpOptions = true,
            description = {"Make both files. An existing file is left as it is.", ""})
    int create(
            @Option(names = "--file", paramLabel = "FILE", defaultValue = PRIVATE_FILE, description = WHICH) Path file,
            @Option(names = "--public", paramLabel = "FILE", defaultValue = PUBLIC_FILE, description = WHICH_PUBLIC)
                    Path publicFile)
            throws LedgerKeysException {
        LedgerKeys keys = LedgerKeys.create(file, publicFile);
        say("Made %s and %s: key %s."
                .formatted(file, publicFile, keys.publicKeys().id()));
        say("Back the first up, and give it to the ledger alone ('proof.keys'). Publish the second.");
        return 0;
    }

    @Command(
            name = "rotate",
            mixinStandardHelpOptions = true,
            description = {
                "Add a key, which signs from the ledger's next start on. What the old ones signed can still be"
                        + " checked, with the new file of public keys.",
                ""
            })
    int rotate(
            @Option(names = "--file", paramLabel = "FILE", defaultValue = PRIVATE_FILE, description = WHICH) Path file,
            @Option(names = "--public", paramLabel = "FILE", defaultValue = PUBLIC_FILE, description = WHICH_PUBLIC)
                    Path publicFile)
            throws LedgerKeysException {
        LedgerKeys keys = LedgerKeys.rotate(file, publicFile);
        say("Rotated %s: key %s is in force, %d in all."
                .formatted(file, keys.publicKeys().id(), keys.size()));
        say("Start the ledger again, and publish %s.".formatted(publicFile));
        return 0;
    }

    private void say(String line) {
        spec.commandLine().getOut().println(line);
    }
}
