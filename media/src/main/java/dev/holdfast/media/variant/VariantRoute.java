package dev.holdfast.media.variant;

import dev.holdfast.media.blob.Blob;
import dev.holdfast.media.picture.PictureFormat;
import dev.holdfast.media.picture.PictureSpec;
import dev.holdfast.media.picture.PictureWorkersException;
import dev.holdfast.media.picture.Preset;
import dev.holdfast.media.picture.Refusal;
import dev.holdfast.media.serve.LiveBlobs;
import dev.holdfast.media.serve.Problems;
import dev.holdfast.media.serve.Representation;
import dev.holdfast.media.serve.Sender;
import dev.holdfast.media.store.Sha256;
import dev.holdfast.platform.batch.OverloadedException;
import dev.holdfast.platform.problem.ProblemType;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Variants, at {@code /images/<sha256>/<preset>}, {@code /images/<sha256>/<preset>.<format>} and, signed, {@code
 * /images/<sha256>/custom}; for everybody who knows the hash, as the original is.
 */
@Singleton
class VariantRoute {
    /**
     * A month, because what another engine makes of an image looks the same. Not immutable, because its bytes differ: whoever
     * reloads a page should get them.
     */
    private static final String FOR_LONG = "public, max-age=2592000";

    private static final String CUSTOM = "custom";
    private static final Map<String, Wish> PRESETS = presets();

    private final LiveBlobs blobs;
    private final EngineInUse engine;
    private final Variants variants;
    private final Signatures signatures;

    /**
     * What is asked for.
     *
     * @param box in any format
     * @param format empty leaves it to the {@code Accept} header
     */
    private record Wish(PictureSpec box, Optional<PictureFormat> format) {
        PictureSpec in(PictureFormat chosen) {
            return new PictureSpec(box.width(), box.height(), box.fit(), chosen);
        }
    }

    private record Request(RoutingContext context, Sha256 image, Wish wish) {
        HttpServerResponse response() {
            return context.response();
        }

        @Nullable String path() {
            return context.request().path();
        }
    }

    VariantRoute(LiveBlobs blobs, EngineInUse engine, Variants variants, Signatures signatures) {
        this.blobs = blobs;
        this.engine = engine;
        this.variants = variants;
        this.signatures = signatures;
    }

    private static Map<String, Wish> presets() {
        var presets = new HashMap<String, Wish>();
        for (Preset preset : Preset.values()) {
            String name = preset.name().toLowerCase(Locale.ROOT);
            presets.put(name, new Wish(preset.in(PictureFormat.JPEG), Optional.empty()));
            for (PictureFormat format : CustomSize.FORMATS) {
                presets.put(name + "." + format.extension(), new Wish(preset.in(format), Optional.of(format)));
            }
        }
        return Map.copyOf(presets);
    }

    void register(@Observes Router router) {
        router.route("/images/:hash/:variant")
                .method(HttpMethod.GET)
                .method(HttpMethod.HEAD)
                .handler(this::serve);
    }

    private void serve(RoutingContext context) {
        String name = context.pathParam("variant");
        Wish preset = PRESETS.get(name);
        Optional<Sha256> image =
                preset != null || CUSTOM.equals(name) ? Sha256.parse(context.pathParam("hash")) : Optional.empty();
        if (image.isEmpty()) {
            context.next();
        } else if (preset != null) {
            serve(new Request(context, image.get(), preset), true);
        } else {
            serveCustom(context, image.get());
        }
    }

    private void serveCustom(RoutingContext context, Sha256 image) {
        MultiMap query = context.queryParams();
        CustomSize size;
        try {
            size = CustomSize.of(image, query.get("w"), query.get("h"), query.get("fit"), query.get("format"));
        } catch (IllegalArgumentException nonsense) {
            Problems.answer(
                    context.response(),
                    ProblemType.INVALID_INPUT,
                    context.request().path(),
                    String.valueOf(nonsense.getMessage()));
            return;
        }
        if (signatures.accept(size, query.get("s"))) {
            serve(new Request(context, image, new Wish(size.in(PictureFormat.JPEG), size.format())), true);
        } else {
            Problems.answer(
                    context.response(),
                    ProblemType.FORBIDDEN,
                    context.request().path(),
                    "This size is not signed, or for another image or size, or by a key that is no longer accepted. Ask for a preset"
                            + " (thumb, card, page, full), or have it signed: POST the same path and query with a token.");
        }
    }

    /** @param mayAskAgain whether what is remembered of the image may be out of date */
    private void serve(Request request, boolean mayAskAgain) {
        blobs.of(request.image())
                .subscribe()
                .with(
                        found -> found.ifPresentOrElse(
                                blob -> serve(request, blob, mayAskAgain), () -> noImage(request)),
                        failure -> Sender.fail(request.response(), failure));
    }

    private void serve(Request request, Blob blob, boolean mayAskAgain) {
        engine.get()
                .subscribe()
                .with(
                        known -> serve(request, blob, known, mayAskAgain),
                        failure -> Sender.fail(request.response(), failure));
    }

    private void serve(Request request, Blob blob, Engine engine, boolean mayAskAgain) {
        PictureFormat format = request.wish().format().orElseGet(() -> {
            request.response().putHeader(HttpHeaders.VARY, HttpHeaders.ACCEPT);
            return AcceptedFormats.best(
                    request.context().request().getHeader(HttpHeaders.ACCEPT),
                    blob.content().mediaType(),
                    engine.writes());
        });
        if (!engine.writes().contains(format)) {
            noFormat(request, format, engine);
            return;
        }
        variants.of(blob, request.wish().in(format), engine)
                .subscribe()
                .with(result -> answer(request, blob, result, mayAskAgain), failure -> {
                    if (failure instanceof OverloadedException) {
                        Problems.unavailable(
                                request.response(), "Too many pictures wait to be made smaller. Ask again shortly.");
                    } else {
                        fail(request, blob, failure, mayAskAgain);
                    }
                });
    }

    private void answer(Request request, Blob blob, VariantResult result, boolean mayAskAgain) {
        switch (result) {
            case VariantResult.Made made -> {
                var _ = Sender.send(request.context().request(), request.response(), representation(made))
                        .onFailure(failure -> fail(request, blob, failure, mayAskAgain));
            }
            case VariantResult.Refused(Refusal refusal) ->
                Problems.answer(request.response(), ProblemType.UNPROCESSABLE, request.path(), refusal.text());
            case VariantResult.Gone _ -> {
                blobs.forget(request.image());
                noImage(request);
            }
        }
    }

    private static Representation representation(VariantResult.Made made) {
        Variant variant = made.variant();
        return new Representation(
                "\"" + variant.digest() + "\"", variant.format().mime(), variant.size(), FOR_LONG, made.bytes());
    }

    /** The image may be gone or elsewhere since it was looked up, and its variant may have had to make room. */
    private void fail(Request request, Blob blob, Throwable failure, boolean mayAskAgain) {
        boolean wasMissing = Sender.wasMissing(request.response(), failure);
        if (!mayAskAgain || !(wasMissing || failure instanceof PictureWorkersException)) {
            Sender.fail(request.response(), failure);
            return;
        }
        blobs.forget(request.image());
        blobs.of(request.image())
                .subscribe()
                .with(
                        now -> {
                            if (now.isEmpty()) {
                                noImage(request);
                            } else if (wasMissing || !now.get().equals(blob)) {
                                serve(request, now.get(), false);
                            } else {
                                Sender.fail(request.response(), failure);
                            }
                        },
                        again -> Sender.fail(request.response(), again));
    }

    private static void noImage(Request request) {
        Problems.noImage(request.response(), request.path(), request.image());
    }

    private static void noFormat(Request request, PictureFormat format, Engine engine) {
        Problems.answer(
                request.response(),
                ProblemType.NOT_FOUND,
                request.path(),
                "Nothing is installed here that writes %s: ask for one of %s."
                        .formatted(
                                format,
                                engine.writes().stream()
                                        .map(PictureFormat::extension)
                                        .sorted()
                                        .collect(Collectors.joining(", "))));
    }
}
