package dev.lethe.ledger.app;

import dev.lethe.config.Section;
import dev.lethe.ledger.merkle.Checkpoint;
import java.nio.file.Path;
import java.time.Duration;

/**
 * How the ledger proves what it says.
 *
 * @param keys the file of private keys
 * @param origin the name of the log, which every checkpoint begins with
 * @param checkpoints how soon a checkpoint follows upon what it stands for
 */
public record ProofConfig(Path keys, String origin, Duration checkpoints) {
    static ProofConfig read(Section section) {
        String origin = section.text("origin", "lethe/ledger");
        if (!Checkpoint.isName(origin)) {
            section.problem("origin", "must be a name such as example.org/lethe, without blanks and without '+'");
        }
        return new ProofConfig(
                section.path("keys", "ledger-keys.json"),
                origin,
                section.duration("checkpoints", Duration.ofSeconds(5)));
    }
}
