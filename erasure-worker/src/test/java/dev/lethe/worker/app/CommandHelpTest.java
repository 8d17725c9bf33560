package dev.lethe.worker.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lethe.cli.LetheCommand;
import dev.lethe.config.MisconfiguredException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

class CommandHelpTest {
    @ParameterizedTest
    @ValueSource(strings = {"", "list", "show", "redrive", "discard"})
    void deadLettersExplainsItselfAndEachOfItsCommands(String subcommand) {
        assertThat(run(
                        new DeadLettersCommand(),
                        (subcommand + " --help").strip().split(" ")))
                .startsWith("0 Usage: dead-letters");
    }

    @Test
    void lanesExplainsItself() {
        assertThat(run(new LanesCommand(), "--help"))
                .startsWith("0 Usage: lanes")
                .contains("Exit code 1");
    }

    @ParameterizedTest
    @MethodSource
    void whateverReadsTheWorkersConfigurationTakesPlugins(
            LetheCommand command, String subcommand, @TempDir Path folder) {
        assertThat(run(
                        command,
                        (subcommand + " --config worker.yaml --plugins " + folder)
                                .strip()
                                .split(" ")))
                .startsWith("2 --plugins " + folder + ": there is no jar in it");
    }

    static Stream<Arguments> whateverReadsTheWorkersConfigurationTakesPlugins() {
        return Stream.of(
                Arguments.of(new WorkerCommand(), ""),
                Arguments.of(new CheckCommand(), ""),
                Arguments.of(new ReplayCommand(), "--all --since P1D"),
                Arguments.of(new ForgetCheckCommand(), "--subject somebody"),
                Arguments.of(new LanesCommand(), ""),
                Arguments.of(new DeadLettersCommand(), "list"),
                Arguments.of(new DeadLettersCommand(), "redrive --all"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "redrive",
                "redrive r-1/shop --all",
                "redrive --all --store shop",
                "redrive --all --code RAISED",
                "redrive --all --older-than PT1H",
                "redrive r-1/shop --code RAISED",
                "redrive --older-than soon",
                "discard r-1/shop",
                "discard r-1/shop --store shop --reason gone --yes",
                "discard --reason gone --yes",
                "discard r-1/shop --yes --reason ann@one.example",
                "list --older-than soon",
                "show"
            })
    void misuseExitsWith2BeforeAnythingIsAsked(String arguments) {
        assertThat(run(new DeadLettersCommand(), arguments.split(" "))).startsWith("2 ");
    }

    private static String run(LetheCommand command, String... arguments) {
        var text = new StringWriter();
        int exitCode = new CommandLine(command)
                .setOut(new PrintWriter(text))
                .setErr(new PrintWriter(text))
                .setExecutionExceptionHandler((exception, failed, parsed) -> {
                    failed.getErr().println(exception.getMessage());
                    return exception instanceof MisconfiguredException ? 2 : 1;
                })
                .execute(arguments);
        return exitCode + " " + text;
    }
}
