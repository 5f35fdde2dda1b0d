package dev.holdfast.media.picture;

class ImageIoHostilePicturesTest extends HostilePicturesContract {
    @Override
    EngineChoice engine() {
        return EngineChoice.IMAGE_IO;
    }
}
