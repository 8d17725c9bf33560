package dev.lethe.worker.store.jdbc;

import dev.lethe.worker.store.jdbc.Catalogue.Column;
import dev.lethe.worker.store.jdbc.Catalogue.Kind;
import dev.lethe.worker.store.jdbc.Catalogue.Table;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** Which columns look personal by their names and types. A guess, for people to decide on. */
final class PersonalColumns {
    static final String E_MAIL = "e-mail";
    static final String LOGIN = "login";
    static final String USER_ID = "user id";
    static final String NAME = "name";
    static final String IP_ADDRESS = "IP address";

    private static final Pattern BETWEEN_WORDS =
            Pattern.compile("[^\\p{L}\\p{N}]+|(?<=\\p{Ll})(?=\\p{Lu})|(?<=\\p{Lu})(?=\\p{Lu}\\p{Ll})");

    private static final Set<String> PHONE =
            Set.of("phone", "telephone", "tel", "mobile", "cellphone", "cell", "fax", "msisdn");
    private static final Set<String> ADDRESS =
            Set.of("address", "street", "zip", "zipcode", "postcode", "postal", "plz", "city", "town", "house");
    private static final Set<String> WHOLE_NAME = Set.of(
            "surname", "forename", "firstname", "lastname", "fullname", "nickname", "maiden", "recipient", "addressee");
    private static final Set<String> KIND_OF_NAME = Set.of(
            "first",
            "last",
            "full",
            "given",
            "family",
            "middle",
            "display",
            "contact",
            "customer",
            "holder",
            "billing",
            "shipping");
    private static final Set<String> BIRTH = Set.of("birth", "birthday", "birthdate", "dob", "born");
    private static final Set<String> BANK = Set.of("iban", "bic", "bankaccount", "accountnumber", "sortcode");
    private static final Set<String> CARD = Set.of("creditcard", "cardnumber", "cardholder", "cardno", "pan");
    private static final Set<String> OFFICIAL =
            Set.of("ssn", "passport", "taxid", "nationalid", "socialsecurity", "socialsecuritynumber");
    private static final Set<String> TRAIT =
            Set.of("gender", "sex", "religion", "nationality", "ethnicity", "disability", "diagnosis");
    private static final Set<String> PLACE = Set.of("latitude", "longitude", "lat", "lng", "geolocation");
    private static final Set<String> DEVICE = Set.of("useragent", "fingerprint", "cookie", "deviceid");
    private static final Set<String> SECRET = Set.of("password", "passwd", "passphrase", "passwordhash");
    private static final Set<String> WHO = Set.of(
            "user", "customer", "account", "member", "person", "client", "profile", "owner", "author", "subscriber");
    private static final Set<String> WHICH = Set.of("id", "uuid", "guid", "key");

    private PersonalColumns() {}

    /** The columns of a table that look personal, with what they look like. */
    static Map<String, String> of(Table table) {
        var found = new LinkedHashMap<String, String>();
        table.columns().values().forEach(column -> kind(column).ifPresent(kind -> found.put(column.name(), kind)));
        // Everything has a name; whose it is, its neighbours tell.
        boolean aboutPeople = found.values().stream().anyMatch(kind -> !kind.equals(USER_ID));
        table.columns().values().stream()
                .filter(column -> aboutPeople && words(column.name()).equals(List.of("name")) && isText(column))
                .forEach(column -> found.put(column.name(), NAME));
        return found;
    }

    static Optional<String> kind(Column column) {
        List<String> words = words(column.name());
        String whole = String.join("", words);
        if (column.type().equals("inet") || column.type().equals("cidr")) {
            return Optional.of(IP_ADDRESS);
        }
        if (any(words, BIRTH)) {
            return Optional.of("date of birth");
        }
        if (any(words, PLACE)) {
            return Optional.of("location");
        }
        if (column.kind().isIdentifying() && isWhose(words)) {
            return Optional.of(USER_ID);
        }
        if (column.kind() == Kind.NUMBER) {
            return any(words, PHONE) ? Optional.of("phone") : among(whole, CARD, "card");
        }
        return isText(column) ? textKind(words, whole) : Optional.empty();
    }

    private static Optional<String> textKind(List<String> words, String whole) {
        if (words.contains("email") || words.contains("mail")) {
            return Optional.of(E_MAIL);
        }
        if (words.contains("ip") || whole.equals("ipaddress")) {
            return Optional.of(IP_ADDRESS);
        }
        if (words.contains("login") || whole.endsWith("username")) {
            return Optional.of(LOGIN);
        }
        if (any(words, PHONE)) {
            return Optional.of("phone");
        }
        if (any(words, WHOLE_NAME) || (words.contains("name") && any(words, KIND_OF_NAME))) {
            return Optional.of(NAME);
        }
        if (any(words, ADDRESS) || whole.equals("shipto") || whole.equals("billto")) {
            return Optional.of("address");
        }
        return among(whole, BANK, "bank account")
                .or(() -> any(words, BANK) ? Optional.of("bank account") : Optional.empty())
                .or(() -> among(whole, CARD, "card"))
                .or(() -> among(whole, OFFICIAL, "official number"))
                .or(() -> any(words, TRAIT) ? Optional.of("trait") : Optional.empty())
                .or(() -> among(whole, DEVICE, "device"))
                .or(() -> among(whole, SECRET, "password"));
    }

    /** Such as {@code customer_id}, {@code ownerUuid} or {@code created_by}. */
    private static boolean isWhose(List<String> words) {
        return words.equals(List.of("created", "by"))
                || words.equals(List.of("userid"))
                || (words.size() >= 2 && WHICH.contains(words.getLast()) && WHO.contains(words.get(words.size() - 2)));
    }

    private static boolean any(List<String> words, Set<String> of) {
        return words.stream().anyMatch(of::contains);
    }

    private static Optional<String> among(String whole, Set<String> of, String kind) {
        return of.contains(whole) ? Optional.of(kind) : Optional.empty();
    }

    /** Whether it can hold what somebody wrote; enumerations and JSON count. */
    static boolean isText(Column column) {
        return column.kind() == Kind.TEXT
                || (column.kind() == Kind.OTHER && !column.type().equals("boolean"));
    }

    /** The words of a name, however it is written. */
    static List<String> words(String name) {
        return BETWEEN_WORDS
                .splitAsStream(name)
                .filter(word -> !word.isEmpty())
                .map(word -> word.toLowerCase(Locale.ROOT))
                .toList();
    }
}
