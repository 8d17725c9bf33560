package dev.lethe.ingress.webhook;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads the URL of a server. Its messages don't repeat the value, which may hold a password. */
final class HttpUrl implements ITypeConverter<URI> {
    @Override
    public URI convert(String value) {
        URI url;
        try {
            url = new URI(value);
        } catch (URISyntaxException e) {
            throw new TypeConversionException("this is no URL");
        }
        if (url.getScheme() == null
                || !List.of("http", "https").contains(url.getScheme().toLowerCase(Locale.ROOT))
                || url.getHost() == null) {
            throw new TypeConversionException("it begins with http:// or https:// and the name of a host");
        }
        if (url.getRawUserInfo() != null) {
            throw new TypeConversionException("credentials do not belong into a URL; --basic and LETHE_BASIC_PASSWORD"
                    + " are for those of the ingress, FUSIONAUTH_API_KEY is for FusionAuth");
        }
        if (url.getRawFragment() != null) {
            throw new TypeConversionException("leave out what begins with #");
        }
        return url;
    }
}
