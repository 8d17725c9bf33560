package dev.lethe.worker.store.s3;

/** Which texts come through a request's XML as they are. */
final class Xml {
    private Xml() {}

    /** Whether each character is one of <a href="https://www.w3.org/TR/xml/#charsets">XML 1.0</a>. */
    static boolean canHold(String text) {
        return text.codePoints()
                .allMatch(point -> point == '\t'
                        || point == '\n'
                        || point == '\r'
                        || (point >= 0x20 && point <= 0xD7FF)
                        || (point >= 0xE000 && point <= 0xFFFD)
                        || point >= 0x10000);
    }
}
