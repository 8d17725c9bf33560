package dev.lethe.worker.store.s3;

import dev.lethe.events.Subject;
import dev.lethe.worker.store.Side;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** A bucket with versions. */
public final class S3Side implements Side {
    private final S3Server server;

    public S3Side(Path directory) {
        try {
            server = new S3Server(directory);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
        server.newBucket(true, false);
    }

    @Override
    public String name() {
        return "s3";
    }

    @Override
    public String configuration() {
        return ("{ type: s3, endpoint: \"%s\", pathStyle: true, bucket: %s, accessKeyId: %s, secretAccessKey: s3cret,"
                        + " connectTimeout: PT1S, objects: [ \"avatars/{userId}.png\" ] }")
                .formatted(server.gate.url(), server.bucket(), Gate.ACCESS_KEY);
    }

    @Override
    public void plant(List<Subject> subjects) {
        subjects.forEach(subject -> server.put("avatars/" + subject.userId() + ".png"));
    }

    @Override
    public List<String> contents() {
        return server.contents();
    }

    @Override
    public void cutOff() {
        server.gate.cut();
    }

    @Override
    public void bringBack() {
        server.gate.open();
    }

    @Override
    public void close() {
        server.close();
    }
}
