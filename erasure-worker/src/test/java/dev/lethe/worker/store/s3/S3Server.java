package dev.lethe.worker.store.s3;

import dev.lethe.config.Secret;
import dev.lethe.worker.store.s3.S3StoreConfig.Checksums;
import dev.lethe.worker.store.s3.S3StoreConfig.Credentials;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.BucketVersioningStatus;
import software.amazon.awssdk.services.s3.model.EncodingType;
import software.amazon.awssdk.services.s3.model.ObjectIdentifier;

/**
 * Adobe S3Mock, in a JVM of its own, and before it the {@link Gate} that a store goes through; {@link #admin} goes past it.
 */
final class S3Server implements AutoCloseable {
    private static final Pattern STARTED = Pattern.compile("Tomcat started on ports .*?(\\d+) \\(http\\)");

    private final Process process;
    private final URI url;
    private final S3Client admin;
    private final HttpClient client = HttpClient.newHttpClient();
    final Gate gate;
    private int buckets;
    private String bucket = "";

    S3Server(Path directory) throws IOException {
        process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx256m",
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        "-jar",
                        Path.of("..", "erasure-worker", "target", "servers", "s3mock.jar")
                                .toString(),
                        "--http.port=0",
                        "--server.port=0",
                        "--com.adobe.testing.s3mock.store.root=" + directory)
                .redirectErrorStream(true)
                .start();
        BufferedReader output = process.inputReader();
        var said = new ArrayList<String>();
        int port = 0;
        for (String line = output.readLine(); port == 0; line = output.readLine()) {
            if (line == null) {
                throw new IllegalStateException("S3Mock did not start: " + String.join("\n", said));
            }
            said.add(line);
            Matcher started = STARTED.matcher(line);
            port = started.find() ? Integer.parseInt(started.group(1)) : 0;
        }
        Thread.ofPlatform().daemon().start(() -> output.lines().forEach(line -> {}));
        url = URI.create("http://localhost:" + port);
        admin = S3Clients.open(config(url, "", "any", List.of()));
        gate = new Gate(url, admin);
    }

    static S3StoreConfig config(URI endpoint, String bucket, String accessKeyId, List<Target> targets) {
        return new S3StoreConfig(
                bucket,
                "us-east-1",
                Optional.of(endpoint),
                true,
                Checksums.WHEN_SUPPORTED,
                Optional.of(new Credentials(accessKeyId, new Secret("s3cret"))),
                targets,
                8,
                Duration.ofSeconds(2),
                Duration.ofSeconds(20));
    }

    S3StoreConfig config(List<Target> targets) {
        return config(gate.url(), bucket, Gate.ACCESS_KEY, targets);
    }

    S3Client admin() {
        return admin;
    }

    String bucket() {
        return bucket;
    }

    /** A new bucket takes the place of the one before. */
    void newBucket(boolean versioned, boolean lockable) {
        bucket = "bucket-" + buckets++;
        admin.createBucket(request -> request.bucket(bucket).objectLockEnabledForBucket(lockable));
        if (versioned) {
            admin.putBucketVersioning(request -> request.bucket(bucket)
                    .versioningConfiguration(versioning -> versioning.status(BucketVersioningStatus.ENABLED)));
        }
    }

    /** Answers the version. */
    String put(String key) {
        if (key.contains("\\")) {
            return post(key);
        }
        return admin.putObject(request -> request.bucket(bucket).key(key), RequestBody.fromString("of " + key))
                .versionId();
    }

    /** As a form does: the server that S3Mock is in takes no backslash in a path. */
    private String post(String key) {
        String form = """
                --form\r
                Content-Disposition: form-data; name="key"\r
                \r
                %s\r
                --form\r
                Content-Disposition: form-data; name="file"; filename="file"\r
                Content-Type: text/plain\r
                \r
                of it\r
                --form--\r
                """.formatted(key);
        var request = HttpRequest.newBuilder(url.resolve("/" + bucket))
                .header("Content-Type", "multipart/form-data; boundary=form")
                .POST(HttpRequest.BodyPublishers.ofString(form))
                .build();
        try {
            HttpResponse<Void> response = client.send(request, HttpResponse.BodyHandlers.discarding());
            if (response.statusCode() >= 300) {
                throw new IllegalStateException("S3Mock answered " + response.statusCode());
            }
            return response.headers().firstValue("x-amz-version-id").orElse("null");
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    void hide(String key) {
        admin.deleteObjects(request -> request.bucket(bucket)
                .delete(delete ->
                        delete.objects(ObjectIdentifier.builder().key(key).build())));
    }

    /** Answers whether it could: a backslash in a path is refused. */
    boolean beginUpload(String key) {
        if (key.contains("\\")) {
            return false;
        }
        admin.createMultipartUpload(request -> request.bucket(bucket).key(key));
        return true;
    }

    /** Every version, marker and unfinished upload. */
    List<String> contents() {
        var versions = admin.listObjectVersionsPaginator(
                request -> request.bucket(bucket).encodingType(EncodingType.URL));
        var uploads = admin.listMultipartUploadsPaginator(
                request -> request.bucket(bucket).encodingType(EncodingType.URL));
        return Stream.of(
                        versions.versions().stream().map(item -> item.key() + " version " + item.versionId()),
                        versions.deleteMarkers().stream().map(item -> item.key() + " marker " + item.versionId()),
                        uploads.uploads().stream().map(item -> item.key() + " upload " + item.uploadId()))
                .flatMap(items -> items)
                .sorted()
                .toList();
    }

    @Override
    public void close() {
        gate.close();
        admin.close();
        client.close();
        process.destroy();
        process.onExit().orTimeout(20, TimeUnit.SECONDS).join();
    }
}
