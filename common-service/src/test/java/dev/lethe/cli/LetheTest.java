package dev.lethe.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.lethe.keys.KeyFile;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LetheTest {
    /** What a run of the command line left behind. */
    private record Run(int exitCode, String out, String err) {}

    @TempDir
    private Path folder;

    @Test
    void helpListsTheCommandsOnTheClassPathAndTheExitCodes() {
        Run run = run("--help");

        assertThat(run.exitCode()).isZero();
        assertThat(run.out())
                .contains("Usage: lethe", "keys ", "topics ", "Exit codes: 0 done, 1 failed while working, 2 misused");
        assertThat(run.err()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"keys", "keys create", "keys rotate", "topics", "topics create", "topics check"})
    void everyCommandExplainsItself(String command) {
        Run run = run((command + " --help").split(" "));

        assertThat(run.exitCode()).isZero();
        assertThat(run.out()).contains("Usage: lethe " + command);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "--no-such-option",
                "no-such-command",
                "keys",
                "topics",
                "keys create --no-such-option",
                "topics check x"
            })
    void misuseExitsWith2AndTheUsage(String arguments) {
        Run run = run(arguments.split(" "));

        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err()).contains("Usage: lethe");
        assertThat(run.out()).isEmpty();
    }

    @Test
    void withoutACommandItExitsWith2AndTheUsage() {
        Run run = run();

        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err()).startsWith("Name a command.").contains("Usage: lethe");
    }

    @Test
    void theVersionIsPrinted() {
        assertThat(run("--version")).isEqualTo(new Run(0, "lethe (development)\n", ""));
    }

    @Test
    void keysAreMadeAndRotated() throws Exception {
        Run create = keys("create");
        Run rotate = keys("rotate");

        assertThat(create.exitCode()).isZero();
        assertThat(create.out())
                .startsWith("Made " + keyFile() + ": sealing key ")
                .contains(" is in force, 1 in all.");
        assertThat(rotate.exitCode()).isZero();
        assertThat(rotate.out())
                .startsWith("Rotated " + keyFile() + ": sealing key ")
                .contains(" is in force, 2 in all.");
        assertThat(KeyFile.load(keyFile()).size()).isEqualTo(2);
    }

    @Test
    void whatIsMisconfiguredExitsWith2AndTheMessageAlone() {
        keys("create");

        Run again = keys("create");

        assertThat(again)
                .isEqualTo(new Run(
                        2,
                        "",
                        "the key file " + keyFile() + " is there already, and is left as it is;"
                                + " 'lethe keys rotate' adds a new sealing key to it\n"));
    }

    @Test
    void whatFailsWhileWorkingExitsWith1AndTheMessageAlone() {
        assertThat(run("topics", "check", "--command-config", "/not/there"))
                .isEqualTo(new Run(1, "", "the file /not/there can't be read\n"));
    }

    @Test
    void theStackTraceIsPrintedOnDemand() {
        Run run = keys("rotate", "--verbose");

        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err())
                .startsWith("there is no key file")
                .contains("KeyFileException", "\tat dev.lethe.keys.KeyFile.load");
    }

    private Path keyFile() {
        return folder.resolve("keys.json");
    }

    private Run keys(String command, String... more) {
        var arguments = Stream.of("keys", command, "--file", keyFile().toString());
        return run(Stream.concat(arguments, Stream.of(more)).toArray(String[]::new));
    }

    /** Runs it in this process, with its output caught. */
    private static Run run(String... arguments) {
        PrintStream out = System.out;
        PrintStream err = System.err;
        var caughtOut = new ByteArrayOutputStream();
        var caughtErr = new ByteArrayOutputStream();
        System.setOut(new PrintStream(caughtOut, true, UTF_8));
        System.setErr(new PrintStream(caughtErr, true, UTF_8));
        try {
            int exitCode = Lethe.run(arguments);
            return new Run(exitCode, caughtOut.toString(UTF_8), caughtErr.toString(UTF_8));
        } finally {
            System.setOut(out);
            System.setErr(err);
        }
    }
}
