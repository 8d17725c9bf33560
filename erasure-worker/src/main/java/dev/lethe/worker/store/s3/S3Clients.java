package dev.lethe.worker.store.s3;

import dev.lethe.worker.store.s3.S3StoreConfig.Checksums;
import java.time.Duration;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.core.checksums.RequestChecksumCalculation;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;
import software.amazon.awssdk.http.apache.ApacheHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.LegacyMd5Plugin;
import software.amazon.awssdk.services.s3.S3Client;

/** Makes clients as the configuration wants them. */
final class S3Clients {
    private static final int ATTEMPTS = 3;

    private S3Clients() {}

    /** The SDK found no credentials, or could not get them from where they are. */
    static final class NoCredentialsException extends RuntimeException {
        private static final long serialVersionUID = 1;
    }

    /** @param interceptors see every request */
    static S3Client open(S3StoreConfig config, ExecutionInterceptor... interceptors) {
        var client = S3Client.builder()
                .region(Region.of(config.region()))
                .forcePathStyle(config.pathStyle())
                .requestChecksumCalculation(
                        config.checksums() == Checksums.WHEN_SUPPORTED
                                ? RequestChecksumCalculation.WHEN_SUPPORTED
                                : RequestChecksumCalculation.WHEN_REQUIRED)
                .credentialsProvider(credentials(config))
                .httpClientBuilder(ApacheHttpClient.builder()
                        .maxConnections(config.concurrency())
                        .connectionTimeout(config.connectTimeout())
                        .connectionAcquisitionTimeout(config.connectTimeout())
                        .socketTimeout(config.timeout())
                        .connectionMaxIdleTime(Duration.ofSeconds(20)))
                .overrideConfiguration(override -> {
                    override.apiCallTimeout(config.timeout())
                            .retryStrategy(AwsRetryStrategy.standardRetryStrategy().toBuilder()
                                    .maxAttempts(ATTEMPTS)
                                    .build());
                    for (ExecutionInterceptor interceptor : interceptors) {
                        override.addExecutionInterceptor(interceptor);
                    }
                });
        config.endpoint().ifPresent(client::endpointOverride);
        if (config.checksums() == Checksums.MD5) {
            client.addPlugin(LegacyMd5Plugin.create());
        }
        return client.build();
    }

    private static AwsCredentialsProvider credentials(S3StoreConfig config) {
        return config.credentials()
                .<AwsCredentialsProvider>map(known -> StaticCredentialsProvider.create(AwsBasicCredentials.create(
                        known.accessKeyId(), known.secretAccessKey().reveal())))
                .orElseGet(S3Clients::found);
    }

    private static AwsCredentialsProvider found() {
        DefaultCredentialsProvider chain = DefaultCredentialsProvider.builder().build();
        return () -> {
            try {
                return chain.resolveCredentials();
            } catch (SdkException e) {
                throw new NoCredentialsException();
            }
        };
    }
}
