package dev.lethe.keys;

import dev.lethe.cli.LetheCommand;
import dev.lethe.events.Keys;
import dev.lethe.keys.KeyFile.KeyFileException;
import java.nio.file.Path;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code lethe keys}. */
@Command(
        name = "keys",
        description = {
            "Make and rotate the keys of an installation.",
            "",
            "One file holds two secrets: the stable one behind subject keys (the pseudonyms in record keys, logs and"
                    + " outcomes), and the rotating keyset that seals identifiers in the log. Ingress and workers read the"
                    + " same file. Keep a backup: without it, nothing in the log can be erased any more.",
            ""
        },
        synopsisSubcommandLabel = "COMMAND",
        commandListHeading = "Commands:%n",
        mixinStandardHelpOptions = true)
public final class KeysCommand implements LetheCommand {
    private static final String KEY_FILE = "keys.json";
    private static final String WHICH = "The key file (default: ${DEFAULT-VALUE}).";

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
            description = {"Make a key file, readable by its owner only. An existing file is left as it is.", ""})
    int create(@Option(names = "--file", paramLabel = "FILE", defaultValue = KEY_FILE, description = WHICH) Path file)
            throws KeyFileException {
        say("Made " + file, KeyFile.create(file));
        spec.commandLine().getOut().println("Back it up, and give ingress and workers the same file ('keys:').");
        return 0;
    }

    @Command(
            name = "rotate",
            mixinStandardHelpOptions = true,
            description = {
                "Add a sealing key. New requests are sealed with it; the old keys still open theirs.",
                "",
                "Give the new file to the workers first and to the ingress last, so that no worker meets a key that it"
                        + " does not have. Subject keys stay as they are.",
                ""
            })
    int rotate(@Option(names = "--file", paramLabel = "FILE", defaultValue = KEY_FILE, description = WHICH) Path file)
            throws KeyFileException {
        say("Rotated " + file, KeyFile.rotate(file));
        spec.commandLine().getOut().println("Workers need the new file first, the ingress last.");
        return 0;
    }

    private void say(String done, Keys keys) {
        spec.commandLine()
                .getOut()
                .println(done + ": sealing key " + Integer.toUnsignedString(keys.primaryId()) + " is in force, "
                        + keys.size() + " in all.");
    }
}
