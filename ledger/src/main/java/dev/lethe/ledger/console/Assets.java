package dev.lethe.ledger.console;

import io.javalin.http.Context;
import io.javalin.http.NotFoundResponse;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;

/** The console's own files, from the jar. Their addresses change with their content, so that browsers keep them for good. */
final class Assets {
    static final String ROUTE = "/console/assets/{name}";

    private static final String PREFIX = "/console/assets/";
    private static final String FOR_GOOD = "public, max-age=31536000, immutable";
    private static final Map<String, String> TYPES = Map.of(
            "console.css", "text/css; charset=utf-8",
            "console.js", "text/javascript; charset=utf-8",
            "favicon.svg", "image/svg+xml");
    private static final int SHOWN_OF_DIGEST = 16;

    private final Map<String, byte[]> contents = new TreeMap<>();
    private final Map<String, String> paths = new TreeMap<>();

    Assets() {
        for (String name : TYPES.keySet()) {
            byte[] content = read(name);
            contents.put(name, content);
            paths.put(name, PREFIX + name + "?v=" + digest(content));
        }
    }

    /** Where browsers find a file. */
    String path(String name) {
        String path = paths.get(name);
        if (path == null) {
            throw new IllegalArgumentException("there is no asset " + name);
        }
        return path;
    }

    void serve(Context ctx) {
        byte[] content = contents.get(ctx.pathParam("name"));
        String type = TYPES.get(ctx.pathParam("name"));
        if (content == null || type == null) {
            throw new NotFoundResponse();
        }
        ctx.header("Cache-Control", FOR_GOOD).contentType(type).result(content);
    }

    private static byte[] read(String name) {
        try (InputStream stream = Assets.class.getResourceAsStream("assets/" + name)) {
            if (stream == null) {
                throw new IllegalStateException("the asset " + name + " is not on the class path");
            }
            return stream.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String digest(byte[] content) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(content);
            return HexFormat.of().formatHex(digest).substring(0, SHOWN_OF_DIGEST);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("SHA-256 is in every Java", e);
        }
    }
}
