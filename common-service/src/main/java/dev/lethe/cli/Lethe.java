package dev.lethe.cli;

import dev.lethe.config.MisconfiguredException;
import java.util.Comparator;
import java.util.ServiceLoader;
import java.util.UUID;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/** The main of every Lethe process: dispatches to the commands on the class path. */
@Command(
        name = "lethe",
        description = {"A right-to-erasure engine: a deleted FusionAuth user becomes erased data, in every store.", ""},
        synopsisSubcommandLabel = "COMMAND",
        commandListHeading = "Commands:%n",
        footer = {
            "",
            "New here? 'lethe quickstart' shows the whole pipeline on this machine, on real servers.",
            "'lethe COMMAND --help' explains a command.",
            "",
            "Exit codes: 0 done, 1 failed while working, 2 misused or misconfigured."
        },
        mixinStandardHelpOptions = true,
        versionProvider = Lethe.Version.class)
public final class Lethe implements Runnable {
    @Spec
    @SuppressWarnings("NullAway.Init") // filled by picocli
    private CommandSpec spec;

    @Option(names = "--verbose", scope = ScopeType.INHERIT, description = "Print the stack trace of a failure.")
    private boolean verbose;

    private Lethe() {}

    public static void main(String[] args) {
        System.exit(run(args));
    }

    static int run(String... args) {
        var lethe = new Lethe();
        var commandLine = new CommandLine(lethe);
        ServiceLoader.load(LetheCommand.class).stream()
                .map(ServiceLoader.Provider::get)
                .map(CommandLine::new)
                .sorted(Comparator.comparing(CommandLine::getCommandName))
                .forEach(command -> commandLine.addSubcommand(command.getCommandName(), command));
        commandLine.registerConverter(UUID.class, Lethe::id);
        commandLine.setExecutionExceptionHandler((exception, failed, parsed) -> lethe.explain(exception, failed));
        return commandLine.execute(args);
    }

    private static UUID id(String text) {
        try {
            return UUID.fromString(text);
        } catch (IllegalArgumentException e) {
            throw new TypeConversionException("this is no id such as " + new UUID(0, 0));
        }
    }

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "Name a command.");
    }

    private int explain(Exception exception, CommandLine failed) {
        String message = exception.getMessage();
        failed.getErr()
                .println(failed.getColorScheme()
                        .errorText(message == null ? exception.getClass().getSimpleName() : message));
        if (verbose) {
            exception.printStackTrace(failed.getErr());
        }
        failed.getErr().flush();
        return exception instanceof MisconfiguredException ? CommandLine.ExitCode.USAGE : CommandLine.ExitCode.SOFTWARE;
    }

    /** The version of this build; {@code (development)} where it is run from class files. */
    public static String version() {
        String version = Lethe.class.getPackage().getImplementationVersion();
        return version == null ? "(development)" : version;
    }

    static final class Version implements IVersionProvider {
        @Override
        public String[] getVersion() {
            return new String[] {"lethe " + version()};
        }
    }
}
