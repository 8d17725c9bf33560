package dev.lethe.worker.store.mongodb;

import java.math.BigDecimal;
import java.util.regex.Pattern;
import org.bson.BsonBinary;
import org.bson.BsonInt64;
import org.bson.BsonNumber;
import org.bson.BsonObjectId;
import org.bson.BsonString;
import org.bson.BsonValue;
import org.bson.types.Decimal128;
import org.bson.types.ObjectId;

/** As what a field holds identifiers. A value always goes into a command as one of these: no text becomes an operator. */
enum IdentifierType {
    /** Anything but half a character, which would become a "?". */
    STRING("[^\\p{Cs}]+") {
        @Override
        BsonValue of(String identifier) {
            return new BsonString(identifier);
        }
    },
    OBJECT_ID("[0-9a-f]{24}") {
        @Override
        BsonValue of(String identifier) {
            return new BsonObjectId(new ObjectId(identifier));
        }
    },
    /** Binary of subtype 4. */
    UUID("\\p{XDigit}{8}(-\\p{XDigit}{4}){3}-\\p{XDigit}{12}") {
        @Override
        BsonValue of(String identifier) {
            return new BsonBinary(java.util.UUID.fromString(identifier));
        }
    },
    /** A whole number, of whatever numeric type it is stored as. */
    LONG("0|-?[1-9][0-9]{0,17}") {
        @Override
        BsonValue of(String identifier) {
            return new BsonInt64(Long.parseLong(identifier));
        }

        @Override
        BsonValue comparable(BsonValue stored) {
            if (!(stored instanceof BsonNumber number) || !isWhole(number.decimal128Value())) {
                return stored;
            }
            return new BsonInt64(number.longValue());
        }
    };

    private final Pattern form;

    IdentifierType(String form) {
        this.form = Pattern.compile(form);
    }

    boolean holds(String identifier) {
        return form.matcher(identifier).matches();
    }

    /** @param identifier one that this type {@linkplain #holds holds} */
    abstract BsonValue of(String identifier);

    /** The same value for two that the server compares as equal. */
    BsonValue comparable(BsonValue stored) {
        return stored;
    }

    private static boolean isWhole(Decimal128 number) {
        return number.isFinite()
                && number.bigDecimalValue().remainder(BigDecimal.ONE).signum() == 0;
    }
}
