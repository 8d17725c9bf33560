package dev.lethe.worker.store.s3;

import dev.lethe.worker.store.StoreFailureException;
import dev.lethe.worker.store.s3.Item.Kind;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.DeleteObjectsResponse;
import software.amazon.awssdk.services.s3.model.EncodingType;
import software.amazon.awssdk.services.s3.model.ListMultipartUploadsResponse;
import software.amazon.awssdk.services.s3.model.ListObjectVersionsResponse;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Response;
import software.amazon.awssdk.services.s3.model.ObjectIdentifier;
import software.amazon.awssdk.services.s3.model.ObjectLockLegalHold;
import software.amazon.awssdk.services.s3.model.ObjectLockLegalHoldStatus;
import software.amazon.awssdk.services.s3.model.ObjectLockRetention;
import software.amazon.awssdk.services.s3.model.S3Exception;

/**
 * The requests to a bucket. Listings ask for keys in URL encoding, as XML has no place for some of their characters.
 *
 * @see <a href="https://docs.aws.amazon.com/AmazonS3/latest/API/API_Operations_Amazon_Simple_Storage_Service.html">API</a>
 */
record Bucket(S3Client client, String name) {
    /** As many keys as one deletion takes. */
    static final int PAGE = 1000;

    /**
     * Every version and delete marker of what begins so, a request per 1,000 of them.
     *
     * @param exactly whether only the key itself is of interest: it comes first, and the rest need not be listed
     */
    List<Item> versions(String prefix, boolean exactly) {
        var items = new ArrayList<Item>();
        @Nullable String key = null;
        @Nullable String version = null;
        while (true) {
            @Nullable String fromKey = key;
            @Nullable String fromVersion = version;
            ListObjectVersionsResponse page = client.listObjectVersions(request -> request.bucket(name)
                    .prefix(prefix)
                    .encodingType(EncodingType.URL)
                    .keyMarker(fromKey)
                    .versionIdMarker(fromVersion));
            page.versions().forEach(found -> items.add(new Item(Kind.VERSION, found.key(), found.versionId())));
            page.deleteMarkers().forEach(found -> items.add(new Item(Kind.MARKER, found.key(), found.versionId())));
            key = page.nextKeyMarker();
            version = page.nextVersionIdMarker();
            if (!isTruncated(page.isTruncated(), key) || (exactly && !prefix.equals(key))) {
                return items;
            }
        }
    }

    /** The keys of what begins so and is visible. */
    Set<String> currentKeys(String prefix, boolean exactly) {
        var keys = new LinkedHashSet<String>();
        @Nullable String token = null;
        while (true) {
            @Nullable String from = token;
            ListObjectsV2Response page = client.listObjectsV2(request -> request.bucket(name)
                    .prefix(prefix)
                    .encodingType(EncodingType.URL)
                    .continuationToken(from));
            page.contents().forEach(found -> keys.add(found.key()));
            token = page.nextContinuationToken();
            if (!isTruncated(page.isTruncated(), token) || exactly) {
                return keys;
            }
        }
    }

    /** Unfinished uploads of what begins so. */
    List<Item> uploads(String prefix) {
        var items = new ArrayList<Item>();
        @Nullable String key = null;
        @Nullable String upload = null;
        while (true) {
            ListMultipartUploadsResponse page = uploads(prefix, key, upload);
            page.uploads().forEach(found -> items.add(upload(found.key(), found.uploadId())));
            key = page.nextKeyMarker();
            upload = page.nextUploadIdMarker();
            if (!isTruncated(page.isTruncated(), key)) {
                return items;
            }
        }
    }

    /** The same, by one request; empty if there are more of them than it shows. */
    Optional<List<Item>> fewUploads(String prefix) {
        ListMultipartUploadsResponse page = uploads(prefix, null, null);
        return Boolean.TRUE.equals(page.isTruncated())
                ? Optional.empty()
                : Optional.of(page.uploads().stream()
                        .map(found -> upload(found.key(), found.uploadId()))
                        .toList());
    }

    private ListMultipartUploadsResponse uploads(String prefix, @Nullable String key, @Nullable String upload) {
        return client.listMultipartUploads(request -> request.bucket(name)
                .prefix(prefix)
                .encodingType(EncodingType.URL)
                .keyMarker(key)
                .uploadIdMarker(upload));
    }

    private static Item upload(String key, String id) {
        return new Item(Kind.UPLOAD, key, id);
    }

    private static boolean isTruncated(@Nullable Boolean truncated, @Nullable String next) {
        if (Boolean.TRUE.equals(truncated) && next == null) {
            throw new StoreFailureException("REFUSED");
        }
        return Boolean.TRUE.equals(truncated);
    }

    /**
     * Deletes up to 1,000 versions and markers by one request.
     *
     * @return the error codes of those that the server did not delete
     */
    Map<Item, String> delete(List<Item> items) {
        List<ObjectIdentifier> identifiers = items.stream()
                .map(item -> ObjectIdentifier.builder()
                        .key(item.key())
                        .versionId(item.id())
                        .build())
                .toList();
        DeleteObjectsResponse response = client.deleteObjects(request -> request.bucket(name)
                .delete(delete -> delete.objects(identifiers).quiet(true)));
        var refused = new LinkedHashMap<Item, String>();
        response.errors()
                .forEach(error -> items.stream()
                        .filter(item -> item.key().equals(error.key())
                                && (error.versionId() == null || item.id().equals(error.versionId())))
                        .forEach(item -> refused.put(item, String.valueOf(error.code()))));
        if (refused.size() < response.errors().size()) {
            // An error that can't be told whose it is.
            throw new StoreFailureException("REFUSED");
        }
        return refused;
    }

    /** Deletes one version or marker whose key can't be put into XML. */
    Map<Item, String> deleteAlone(Item item) {
        try {
            client.deleteObject(request -> request.bucket(name).key(item.key()).versionId(item.id()));
            return Map.of();
        } catch (S3Exception e) {
            S3Error error = S3Error.of(e);
            if (error.isDenied()) {
                return Map.of(item, error.code());
            }
            throw e;
        }
    }

    /** Throws an unfinished upload away. Answers whether it was still there. */
    boolean abort(Item item) {
        try {
            client.abortMultipartUpload(
                    request -> request.bucket(name).key(item.key()).uploadId(item.id()));
            return true;
        } catch (S3Exception e) {
            if (S3Error.of(e).isGone()) {
                return false;
            }
            throw e;
        }
    }

    /** What keeps a version from being deleted; empty if nothing does. */
    Optional<Lock> lock(Item item, Instant now) {
        Optional<Lock> hold = locked(() -> client.getObjectLegalHold(
                                request -> request.bucket(name).key(item.key()).versionId(item.id()))
                        .legalHold())
                .map(ObjectLockLegalHold::status)
                .filter(ObjectLockLegalHoldStatus.ON::equals)
                .map(on -> new Lock("legal hold of S3 Object Lock", null));
        return hold.or(() -> locked(() -> client.getObjectRetention(
                                request -> request.bucket(name).key(item.key()).versionId(item.id()))
                        .retention())
                .filter(retention -> retention.retainUntilDate() != null
                        && retention.retainUntilDate().isAfter(now))
                .map(Bucket::retained));
    }

    private static Lock retained(ObjectLockRetention retention) {
        String mode = Objects.toString(retention.modeAsString(), "unknown").toLowerCase(Locale.ROOT);
        return new Lock("S3 Object Lock, " + mode + " mode", retention.retainUntilDate());
    }

    private interface Question<T> {
        @Nullable
        T ask();
    }

    private static <T> Optional<T> locked(Question<T> question) {
        try {
            return Optional.ofNullable(question.ask());
        } catch (S3Exception e) {
            if (S3Error.of(e).isMissingConfiguration()) {
                return Optional.empty();
            }
            throw e;
        }
    }
}
