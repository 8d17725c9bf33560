package dev.lethe.keys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.lethe.events.ErasureRequest;
import dev.lethe.events.Keys;
import dev.lethe.events.Subject;
import dev.lethe.events.Trigger;
import dev.lethe.keys.KeyFile.KeyFileException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KeyFileTest {
    @TempDir
    private Path folder;

    private Path file;

    @BeforeEach
    void nameTheFile() {
        file = folder.resolve("keys.json");
    }

    @Test
    void newKeysAreReadBackFromTheirFile() throws Exception {
        Keys made = KeyFile.create(file);

        assertThat(KeyFile.load(file).format()).isEqualTo(made.format());
    }

    @Test
    void onlyTheOwnerMayReadTheFile() throws Exception {
        KeyFile.create(file);
        assertThat(permissions()).isEqualTo("rw-------");

        KeyFile.rotate(file);
        assertThat(permissions()).as("permissions after rotation").isEqualTo("rw-------");
    }

    @Test
    void aFileThatIsThereIsNeverReplacedByNewKeys() throws Exception {
        Keys first = KeyFile.create(file);

        assertThatExceptionOfType(KeyFileException.class)
                .isThrownBy(() -> KeyFile.create(file))
                .withMessage("the key file " + file + " is there already, and is left as it is;"
                        + " 'lethe keys rotate' adds a new sealing key to it");
        assertThat(KeyFile.load(file).format()).isEqualTo(first.format());
    }

    @Test
    void rotatedKeysOpenWhatWasSealedBefore() throws Exception {
        ErasureRequest before = sealedBy(KeyFile.create(file));

        Keys rotated = KeyFile.rotate(file);

        assertThat(KeyFile.load(file).format()).isEqualTo(rotated.format());
        assertThat(KeyFile.load(file).open(before).userId()).isEqualTo("user");
        assertThat(KeyFile.load(file).open(sealedBy(rotated)).userId()).isEqualTo("user");
    }

    @Test
    void rotationLeavesNothingElseInTheFolderAndClearsWhatAnInterruptedOneLeft() throws Exception {
        KeyFile.create(file);
        Files.writeString(folder.resolve("keys.json.next"), "half a file");

        KeyFile.rotate(file);

        try (var files = Files.list(folder)) {
            assertThat(files).containsExactly(file);
        }
    }

    @Test
    void whoeverReadsDuringARotationReadsWholeKeys() throws Exception {
        KeyFile.create(file);
        var done = new AtomicBoolean();
        var reader = CompletableFuture.supplyAsync(() -> readsUntil(done));

        try {
            for (int i = 0; i < 20; i++) {
                KeyFile.rotate(file);
            }
        } finally {
            done.set(true);
        }

        assertThat(reader.join()).as("reads, all of them of whole keys").isPositive();
    }

    @Test
    void aMissingFileIsExplained() {
        assertThatExceptionOfType(KeyFileException.class)
                .isThrownBy(() -> KeyFile.load(file))
                .withMessage(
                        "there is no key file " + file + "; restore it from its backup, or, if there has never been"
                                + " one, make it with 'lethe keys create'");
        assertThatExceptionOfType(KeyFileException.class)
                .isThrownBy(() -> KeyFile.rotate(file))
                .withMessageContaining("there is no key file");
    }

    @Test
    void aMissingFolderIsExplained() {
        Path elsewhere = folder.resolve("not/there/keys.json");

        assertThatExceptionOfType(KeyFileException.class)
                .isThrownBy(() -> KeyFile.create(elsewhere))
                .withMessage("the key file " + elsewhere + " can't be written; is its folder there and writable?");
    }

    @Test
    void whatIsNoReadableFileIsExplained() {
        assertThatExceptionOfType(KeyFileException.class)
                .isThrownBy(() -> KeyFile.load(folder))
                .withMessage("the key file " + folder + " can't be read; check its owner and permissions");
    }

    @Test
    void aDamagedFileIsExplainedAndLeftAsItIs() throws Exception {
        String damaged = KeyFile.create(file).format().replace("\"version\" : 1", "\"version\" : 9");
        Files.writeString(file, damaged);

        assertThatExceptionOfType(KeyFileException.class)
                .isThrownBy(() -> KeyFile.rotate(file))
                .withMessage("the key file " + file + " is damaged (not a key file of version 1);"
                        + " restore it from a backup: what was sealed with it can't be read with another");
        assertThat(file).content().isEqualTo(damaged);
    }

    private String permissions() throws Exception {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
    }

    private int readsUntil(AtomicBoolean done) {
        int reads = 0;
        do {
            try {
                KeyFile.load(file);
                reads++;
            } catch (KeyFileException e) {
                throw new AssertionError("read " + reads + " found something else than whole keys", e);
            }
        } while (!done.get());
        return reads;
    }

    private static ErasureRequest sealedBy(Keys keys) {
        return keys.seal(
                new UUID(1, 2),
                Instant.EPOCH,
                Instant.EPOCH,
                new Trigger("fusionauth", "user.delete", new UUID(1, 2), null, null),
                new Subject(keys.subjectKey(null, "user"), "user", null, Map.of()));
    }
}
