package dev.lethe.worker.app;

import dev.lethe.cli.CommandFailedException;
import dev.lethe.cli.JsonText;
import dev.lethe.cli.LetheCommand;
import dev.lethe.cli.Terminal;
import dev.lethe.config.ConfigException;
import dev.lethe.config.Secret;
import dev.lethe.events.Subject;
import dev.lethe.worker.store.StoreFailureException;
import dev.lethe.worker.store.StoreUnavailableException;
import dev.lethe.worker.store.jdbc.MapDraft;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code lethe map}. */
@Command(
        name = "map",
        mixinStandardHelpOptions = true,
        description = {
            "Draft the map of a database: where it holds personal data, and what is to become of it. Reads, and changes"
                    + " nothing.",
            "",
            "Begins at the table that has a row for each person, and follows the foreign keys down, at any depth. For each"
                    + " table that is reached it says how, which columns look personal, and what it proposes; and it lists the"
                    + " tables that no key leads to and that look personal all the same. What the first table itself refers to"
                    + " is left alone.",
            "",
            "Writes a configuration for 'lethe worker', with \"decide:\" wherever you have to. Look it over, and run"
                    + " 'lethe check' on it.",
            "",
            "The password is taken from the environment variable LETHE_DB_PASSWORD, or asked for on a terminal.",
            ""
        },
        footer = {
            "",
            "Exit codes: 0 drafted; 1 the database can't be asked, or the file can't be written; 2 misused.",
            "",
            "Example:",
            "  ./lethe map --url jdbc:postgresql://db/shop --username lethe \\",
            "      --table customers --column id --sample --output worker.yaml"
        })
public final class MapCommand implements LetheCommand {
    private static final int MOST_SAMPLED = 100_000;

    @Spec
    @SuppressWarnings("NullAway.Init") // filled by picocli
    private CommandSpec spec;

    @Option(
            names = "--url",
            paramLabel = "JDBC_URL",
            required = true,
            description = "A JDBC URL of PostgreSQL, MariaDB or MySQL, without credentials.")
    private String url = "";

    @Option(names = "--username", paramLabel = "ROLE", required = true, description = "The role that reads.")
    private String username = "";

    @Option(
            names = "--schema",
            paramLabel = "NAME",
            description =
                    "Where tables are that are named without a schema (default: public, or the database of the URL).")
    private @Nullable String schema;

    @Option(
            names = "--table",
            paramLabel = "TABLE",
            required = true,
            description = "The table with a row for each person.")
    private String table = "";

    @Option(
            names = "--column",
            paramLabel = "COLUMN",
            required = true,
            description = "Its column that tells one person from the other.")
    private String column = "";

    @Option(
            names = "--identifier",
            paramLabel = "NAME",
            defaultValue = Subject.USER_ID,
            description = "What that column holds (default: ${DEFAULT-VALUE}).")
    private String identifier = Subject.USER_ID;

    @Option(
            names = "--sample",
            paramLabel = "ROWS",
            arity = "0..1",
            fallbackValue = "200",
            description =
                    "Look into so many rows of each table at most (${FALLBACK-VALUE} if no number is named) for e-mail"
                            + " and IP addresses, phone numbers, IBANs and card numbers. No value is printed.")
    private @Nullable Integer sample;

    @Option(
            names = "--output",
            paramLabel = "FILE",
            description = "Write to this file, which must not be there (default: standard output).")
    private @Nullable Path output;

    @Option(
            names = "--json",
            description = "Print what was found as one JSON object, with the configuration in 'yaml'.")
    private boolean json;

    @Override
    public Integer call() throws ConfigException, CommandFailedException {
        if (sample != null && (sample < 1 || sample > MOST_SAMPLED)) {
            throw misuse("--sample must be between 1 and " + MOST_SAMPLED);
        }
        if (output != null && Files.exists(output)) {
            throw misuse("the file " + output + " is there already; name another one with --output");
        }
        MapDraft draft = draft();
        if (output != null) {
            write(output, draft.yaml());
        }
        PrintWriter out = spec.commandLine().getOut();
        if (json) {
            out.println(JsonText.of(draft));
        } else if (output == null) {
            out.print(draft.yaml());
        } else {
            out.println("Drafted " + output + ". Read it, then run: ./lethe check --config " + output);
        }
        out.flush();
        return 0;
    }

    private MapDraft draft() throws ConfigException, CommandFailedException {
        var start = new MapDraft.Start(
                url,
                username,
                password(),
                Optional.ofNullable(schema),
                table,
                column,
                identifier,
                sample == null ? OptionalInt.empty() : OptionalInt.of(sample));
        try {
            return MapDraft.of(start);
        } catch (IllegalArgumentException e) {
            throw misuse(String.valueOf(e.getMessage()));
        } catch (StoreUnavailableException e) {
            throw new CommandFailedException(e.code() + ": " + e.getMessage());
        } catch (StoreFailureException e) {
            throw new CommandFailedException("the database refuses to be read: " + e.code());
        }
    }

    /** Never an argument: arguments stay in shell histories and in lists of processes. */
    private static Optional<Secret> password() {
        return Optional.ofNullable(System.getenv(MapDraft.PASSWORD))
                .or(() -> Terminal.askSecretly("Password of the database"))
                .filter(password -> !password.isBlank())
                .map(Secret::new);
    }

    private static void write(Path file, String yaml) throws CommandFailedException {
        try {
            Files.writeString(file, yaml, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        } catch (FileAlreadyExistsException e) {
            throw new CommandFailedException("the file " + file + " is there already; name another one with --output");
        } catch (IOException e) {
            throw new CommandFailedException("the file " + file + " can't be written");
        }
    }

    private ParameterException misuse(String message) {
        return new ParameterException(spec.commandLine(), message);
    }
}
