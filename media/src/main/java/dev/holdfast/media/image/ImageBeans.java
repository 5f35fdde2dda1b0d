package dev.holdfast.media.image;

import dev.holdfast.media.MediaConfig;
import dev.holdfast.media.blob.Publisher;
import dev.holdfast.media.picture.PictureInspector;
import dev.holdfast.media.picture.PictureLimits;
import dev.holdfast.media.store.FileWork;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;

/** Wires uploads. */
class ImageBeans {
    @Produces
    @Singleton
    PictureLimits limits(MediaConfig config) {
        MediaConfig.Picture picture = config.picture();
        return new PictureLimits(
                picture.bytes(), picture.pixels(), picture.side(), picture.frames(), picture.pixelsPerByte());
    }

    @Produces
    @Singleton
    Uploads uploads(Publisher publisher, PictureLimits limits, FileWork work) {
        return new Uploads(publisher, new PictureInspector(limits), work, limits.bytes());
    }
}
