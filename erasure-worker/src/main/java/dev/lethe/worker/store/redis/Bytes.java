package dev.lethe.worker.store.redis;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.lettuce.core.codec.RedisCodec;
import io.lettuce.core.codec.StringCodec;

/**
 * What Redis holds are bytes. Here they are texts with one character per byte, so that any key comes through as it is, and
 * can be compared.
 */
final class Bytes {
    static final RedisCodec<String, String> CODEC = new StringCodec(ISO_8859_1);

    private Bytes() {}

    /** The bytes of the text in UTF-8. */
    static String of(String text) {
        return new String(text.getBytes(UTF_8), ISO_8859_1);
    }

    /** Whether the text can be written in UTF-8: half a surrogate pair would become a question mark. */
    static boolean canHold(String text) {
        return UTF_8.newEncoder().canEncode(text);
    }
}
