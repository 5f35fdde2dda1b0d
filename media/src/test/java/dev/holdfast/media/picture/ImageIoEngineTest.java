package dev.holdfast.media.picture;

class ImageIoEngineTest extends PictureEngineContract {
    @Override
    PictureEngine open() {
        return new ImageIoEngine();
    }
}
