package dev.lethe.ledger.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lethe.cli.LetheRun;
import dev.lethe.ledger.keys.LedgerKeys;
import dev.lethe.ledger.keys.PublicKeys;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code lethe ledger-keys}, as it is typed. */
class LedgerKeysCommandTest {
    /** What only a private key has. */
    private static final String PRIVATE = "\"d\"";

    @TempDir
    private Path folder;

    private Path file;
    private Path publicFile;

    @BeforeEach
    void nameTheFiles() {
        file = folder.resolve("ledger-keys.json");
        publicFile = folder.resolve("ledger-keys.public.json");
    }

    @Test
    void createMakesAFileForTheOwnerAndOneForEverybody() throws Exception {
        LetheRun run = create();

        assertThat(run.exitCode()).isZero();
        String id = PublicKeys.load(publicFile).id();
        assertThat(run.out())
                .contains("Made %s and %s: key %s.".formatted(file, publicFile, id), "Publish the second.");
        assertThat(run.err()).isEmpty();
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
        assertThat(Files.readString(file)).contains(PRIVATE);
        assertThat(Files.readString(publicFile)).doesNotContain(PRIVATE);
        assertThat(LedgerKeys.load(file).publicKeys().format()).isEqualTo(Files.readString(publicFile));
    }

    @Test
    void createLeavesAFileOfPrivateKeysAsItIs() throws Exception {
        create();
        Files.delete(publicFile);
        String before = Files.readString(file);

        LetheRun run = create();

        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err())
                .contains("the file " + file + " is there already, and is left as it is; 'lethe ledger-keys rotate'");
        assertThat(run.out()).isEmpty();
        assertThat(Files.readString(file)).isEqualTo(before);
        assertThat(publicFile).doesNotExist();
    }

    @Test
    void createLeavesAFileOfPublicKeysAsItIsByWhichCertificatesAreChecked() throws Exception {
        create();
        Files.delete(file);
        String before = Files.readString(publicFile);

        LetheRun run = create();

        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err()).contains("the file " + publicFile + " of public keys is there already");
        assertThat(Files.readString(publicFile)).isEqualTo(before);
        assertThat(file).doesNotExist();
    }

    @Test
    void rotatedKeysSignWithANewOneAndKnowTheOldOne() throws Exception {
        create();
        LedgerKeys old = LedgerKeys.load(file);
        byte[] bytes = {1, 2, 3};

        LetheRun run = rotate();

        assertThat(run.exitCode()).isZero();
        PublicKeys published = PublicKeys.load(publicFile);
        assertThat(run.out())
                .contains(
                        "Rotated %s: key %s is in force, 2 in all.".formatted(file, published.id()),
                        "Start the ledger again, and publish " + publicFile);
        assertThat(published.id()).isNotEqualTo(old.publicKeys().id());
        assertThat(published.raw()).hasSize(2);
        assertThat(PublicKeys.verifies(published.raw().get(1), old.sign(bytes), bytes))
                .isTrue();
        assertThat(PublicKeys.verifies(
                        published.raw().get(0), LedgerKeys.load(file).sign(bytes), bytes))
                .isTrue();
        assertThat(published.verifies(old.sign("test", bytes))).isTrue();
        assertThat(Files.readString(publicFile)).doesNotContain(PRIVATE);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
        try (var files = Files.list(folder)) {
            assertThat(files).containsExactlyInAnyOrder(file, publicFile);
        }
    }

    @Test
    void rotateNeedsAFileAndSaysWhereItComesFrom() {
        LetheRun run = rotate();

        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err()).contains("there is no file " + file, "restore it from its backup", "ledger-keys create");
        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void rotateRefusesWhatHoldsNoPrivateKeysWithoutRepeatingIt() throws Exception {
        create();
        String publicKeys = Files.readString(publicFile);
        for (String content : new String[] {publicKeys, "secret-text-of-somebody", "{\"keys\":[]}", "{}"}) {
            Files.writeString(file, content);

            LetheRun run = rotate();

            assertThat(run.exitCode()).as(content).isEqualTo(2);
            assertThat(run.err())
                    .contains("the file " + file)
                    .doesNotContain("secret-text", PublicKeys.parse(publicKeys).id());
            assertThat(Files.readString(file)).isEqualTo(content);
            assertThat(Files.readString(publicFile)).isEqualTo(publicKeys);
        }
    }

    @Test
    void aFolderThatIsNotThereIsNamed() {
        LetheRun run =
                LetheRun.of("ledger-keys", "create", "--file", folder.resolve("none/k.json"), "--public", publicFile);

        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err()).contains("none/k.json can't be written; is its folder there");
        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void aCommandHasToBeNamed() {
        LetheRun run = LetheRun.of("ledger-keys");

        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err()).contains("Name a command: create or rotate.", "Usage: lethe ledger-keys");
    }

    private LetheRun create() {
        return LetheRun.of("ledger-keys", "create", "--file", file, "--public", publicFile);
    }

    private LetheRun rotate() {
        return LetheRun.of("ledger-keys", "rotate", "--file", file, "--public", publicFile);
    }
}
