package dev.lethe.ingress.tls;

import dev.lethe.ingress.tls.Authority.Issued;
import java.nio.file.Files;
import java.time.Duration;
import java.time.Instant;

/** What can be wrong with the files, and what is said about it. */
enum BrokenFiles {
    CERTIFICATE_MISSING("chain.pem can't be read", (files, authority) -> Files.delete(files.certificate())),
    CERTIFICATE_EMPTY(
            "chain.pem holds no certificate", (files, authority) -> Files.writeString(files.certificate(), "")),
    CERTIFICATE_CUT_OFF("chain.pem holds no certificate", (files, authority) -> {
        String pem = Files.readString(files.certificate());
        Files.writeString(files.certificate(), pem.substring(0, 200));
    }),
    CERTIFICATE_BINARY(
            "chain.pem can't be read",
            (files, authority) -> Files.write(files.certificate(), new byte[] {0x30, (byte) 0x82, 1, (byte) 0xff})),
    CERTIFICATE_EXPIRED("only; have it renewed", (files, authority) -> {
        Issued expired = authority.issue("localhost", "EC", Instant.now().minus(Duration.ofDays(1)));
        Files.writeString(files.certificate(), expired.certificatePem());
        Files.writeString(files.key(), expired.keyPem());
    }),
    KEY_OF_ANOTHER_CERTIFICATE(
            "key.pem is not the key of the first certificate",
            (files, authority) -> Files.writeString(
                    files.key(), authority.issue("localhost", "EC").keyPem())),
    AUTHORITY_FIRST(
            "key.pem is not the key of the first certificate",
            (files, authority) ->
                    Files.writeString(files.certificate(), authority.pem() + Files.readString(files.certificate()))),
    CHAIN_OF_ANOTHER_AUTHORITY("chain.pem holds no chain", (files, authority) -> {
        Issued issued = authority.issue("localhost", "EC");
        Files.writeString(files.certificate(), issued.certificatePem() + new Authority("another").pem());
        Files.writeString(files.key(), issued.keyPem());
    }),
    KEY_GARBAGE("key.pem holds no private key", (files, authority) -> Files.writeString(files.key(), "garbage")),
    KEY_ENCRYPTED("if it is encrypted, set keyPassword", (files, authority) -> {
        Issued issued = authority.issue("localhost", "EC");
        Files.writeString(files.certificate(), issued.certificatePem());
        Files.writeString(files.key(), issued.encryptedKeyPem("s3cret"));
    });

    private final String problem;
    private final Damage damage;

    BrokenFiles(String problem, Damage damage) {
        this.problem = problem;
        this.damage = damage;
    }

    String problem() {
        return problem;
    }

    void damage(TlsConfig files, Authority authority) throws Exception {
        damage.to(files, authority);
    }

    private interface Damage {
        void to(TlsConfig files, Authority authority) throws Exception;
    }
}
