package dev.lethe.ingress.webhook;

import dev.lethe.ingress.webhook.Credentials.CredentialException;
import java.net.URI;
import picocli.CommandLine.Option;

/** Which FusionAuth. */
final class FusionAuthOption {
    @Option(
            names = "--fusionauth",
            paramLabel = "URL",
            required = true,
            converter = HttpUrl.class,
            description = "Where FusionAuth is, such as http://localhost:9011.")
    @SuppressWarnings("NullAway.Init") // filled by picocli
    private URI url;

    FusionAuthClient connect(Credentials credentials) throws CredentialException {
        return new FusionAuthClient(url, credentials);
    }
}
