package dev.lethe.bench.rig;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.UUID;

/** A webhook call with a {@code user.delete} as FusionAuth sends it, about 2 KB; each of another event, of another user. */
public final class Event {
    /** The key in the calls. */
    public static final String API_KEY = "key-of-the-bench";

    private static final String EVENT_ID = "00000000-0000-0000-0000-00000000000e";
    private static final String USER_ID = "00000000-0000-0000-0000-00000000000f";

    private final byte[] call;
    private final List<Integer> eventIds;
    private final List<Integer> userIds;
    private final SplittableRandom random;

    /** @param seed events of the same seed have the same ids */
    public Event(long seed) {
        this("/webhook-user-delete", seed);
    }

    private Event(String path, long seed) {
        String body = body();
        String head = """
                POST %s HTTP/1.1\r
                Host: 127.0.0.1\r
                Authorization: %s\r
                Content-Type: application/json\r
                Content-Length: %d\r
                \r
                """.formatted(path, API_KEY, body.getBytes(UTF_8).length);
        String text = head + body;
        call = text.getBytes(UTF_8);
        eventIds = positions(text, EVENT_ID);
        userIds = positions(text, USER_ID);
        random = new SplittableRandom(seed);
    }

    private static String body() {
        try (InputStream json = Objects.requireNonNull(Event.class.getResourceAsStream("event.json"))) {
            return new String(json.readAllBytes(), UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<Integer> positions(String text, String id) {
        var positions = new ArrayList<Integer>();
        for (int at = text.indexOf(id); at >= 0; at = text.indexOf(id, at + 1)) {
            positions.add(at);
        }
        return List.copyOf(positions);
    }

    /** A user whom nobody knows. */
    public String userId() {
        return new UUID(random.nextLong(), random.nextLong()).toString();
    }

    /** The next call, of this user. */
    public ByteBuf call(String userId) {
        byte[] bytes = call.clone();
        put(bytes, eventIds, new UUID(random.nextLong(), random.nextLong()).toString());
        put(bytes, userIds, userId);
        return Unpooled.wrappedBuffer(bytes);
    }

    private static void put(byte[] bytes, List<Integer> positions, String id) {
        byte[] ascii = id.getBytes(US_ASCII);
        for (int position : positions) {
            System.arraycopy(ascii, 0, bytes, position, ascii.length);
        }
    }
}
