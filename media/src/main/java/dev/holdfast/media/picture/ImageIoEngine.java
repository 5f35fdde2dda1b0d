package dev.holdfast.media.picture;

import dev.holdfast.media.picture.PictureResult.Rendered;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import javax.imageio.plugins.jpeg.JPEGImageWriteParam;
import javax.imageio.stream.ImageOutputStream;

/**
 * The JDK's ImageIO with the readers of TwelveMonkeys, for where libvips is not installed: needs nothing but Java, several
 * times the time, and memory for the decoded picture. Reads JPEG, PNG, GIF and WebP, writes JPEG and PNG. Colour profiles
 * are honoured in JPEG, and taken for sRGB in PNG and WebP.
 */
final class ImageIoEngine implements PictureEngine {
    private static final String NAME =
            "ImageIO %s/1".formatted(Runtime.version().feature());
    private static final float JPEG_QUALITY = 0.82f;

    private static final EngineDescription DESCRIPTION = new EngineDescription(
            NAME,
            Set.of(PictureFormat.JPEG, PictureFormat.PNG, PictureFormat.GIF, PictureFormat.WEBP),
            Set.of(PictureFormat.JPEG, PictureFormat.PNG));

    ImageIoEngine() {
        ImageIO.setUseCache(false);
    }

    @Override
    public EngineDescription description() {
        return DESCRIPTION;
    }

    @Override
    public Rendered render(Path source, PictureHeader header, PictureSpec spec, Path target)
            throws IOException, RefusedException {
        if (!DESCRIPTION.reads().contains(header.format())
                || !DESCRIPTION.writes().contains(spec.format())) {
            throw EngineRules.unsupported(header, spec);
        }
        RenderPlan plan = RenderPlan.of(header, spec);
        Pixels result = ImageIoDecoder.decode(source, header, plan.scaledWidth(), plan.scaledHeight());
        result = Lanczos.scale(result, plan.scaledWidth(), plan.scaledHeight());
        if (!plan.isUpright()) {
            result = result.upright(plan.orientation());
        }
        if (plan.isCropped()) {
            result = result.onCanvas(plan.width(), plan.height(), -plan.left(), -plan.top());
        }
        if (spec.format() == PictureFormat.JPEG) {
            result = result.onWhite();
        }
        write(result.toImage(), spec.format(), target);
        return new Rendered(spec.format(), plan.width(), plan.height(), Files.size(target));
    }

    private static void write(BufferedImage image, PictureFormat format, Path target) throws IOException {
        ImageWriter writer =
                ImageIO.getImageWritersByFormatName(format.extension()).next();
        try (var file = Files.newOutputStream(target);
                ImageOutputStream out = ImageIO.createImageOutputStream(file)) {
            writer.setOutput(out);
            ImageWriteParam param = writer.getDefaultWriteParam();
            if (format == PictureFormat.JPEG) {
                param.setCompressionMode(ImageWriteParam.MODE_EXPLICIT);
                param.setCompressionQuality(JPEG_QUALITY);
                if (param instanceof JPEGImageWriteParam jpeg) {
                    jpeg.setOptimizeHuffmanTables(true);
                }
            }
            writer.write(null, new IIOImage(image, null, null), param);
        } finally {
            writer.dispose();
        }
    }
}
