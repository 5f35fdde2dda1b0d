package dev.holdfast.media.picture;

import java.util.Arrays;

/**
 * Scales down with a Lanczos window of three lobes (Duchon 1979; as libvips and Pillow do), first along the rows, then down
 * the columns. Holds as many scaled rows as a row of the result is made of. Colours are weighed by their alpha, or else
 * what cannot be seen would bleed into what can.
 */
final class Lanczos {
    private static final int LOBES = 3;
    private static final int CHANNELS = 4;
    private static final int MAX = 255;

    private final Pixels from;
    private final Pixels to;
    private final Taps across;
    private final Taps down;
    private final float[] unscaled;
    private final float[][] rows;

    /** Which pixels of the source one of the result is made of, and how much of each. */
    private static final class Taps {
        private final int[] first;
        private final float[][] weights;

        private Taps(int[] first, float[][] weights) {
            this.first = first;
            this.weights = weights;
        }

        static Taps of(int from, int to) {
            double scale = (double) from / to;
            int[] first = new int[to];
            float[][] weights = new float[to][];
            for (int i = 0; i < to; i++) {
                double centre = (i + 0.5) * scale - 0.5;
                first[i] = Math.max(0, (int) Math.ceil(centre - LOBES * scale));
                int last = Math.min(from - 1, (int) Math.floor(centre + LOBES * scale));
                weights[i] = weights(first[i], last, centre, scale);
            }
            return new Taps(first, weights);
        }

        private static float[] weights(int first, int last, double centre, double scale) {
            float[] weights = new float[last - first + 1];
            double sum = 0;
            for (int i = 0; i < weights.length; i++) {
                weights[i] = (float) window((first + i - centre) / scale);
                sum += weights[i];
            }
            for (int i = 0; i < weights.length; i++) {
                weights[i] /= (float) sum;
            }
            return weights;
        }

        private static double window(double x) {
            return Math.abs(x) >= LOBES ? 0 : sinc(x) * sinc(x / LOBES);
        }

        private static double sinc(double x) {
            return x == 0 ? 1 : Math.sin(Math.PI * x) / (Math.PI * x);
        }

        int last(int i) {
            return first[i] + weights[i].length - 1;
        }

        int longest() {
            int longest = 0;
            for (float[] each : weights) {
                longest = Math.max(longest, each.length);
            }
            return longest;
        }
    }

    private Lanczos(Pixels from, int width, int height) {
        this.from = from;
        this.to = Pixels.transparent(width, height);
        this.across = Taps.of(from.width(), width);
        this.down = Taps.of(from.height(), height);
        this.unscaled = new float[from.width() * CHANNELS];
        this.rows = new float[down.longest()][width * CHANNELS];
    }

    static Pixels scale(Pixels from, int width, int height) {
        return width == from.width() && height == from.height() ? from : new Lanczos(from, width, height).run();
    }

    private Pixels run() {
        int next = 0;
        float[] sum = new float[to.width() * CHANNELS];
        for (int y = 0; y < to.height(); y++) {
            for (; next <= down.last(y); next++) {
                scaleRow(next, rows[next % rows.length]);
            }
            Arrays.fill(sum, 0);
            for (int i = 0; i < down.weights[y].length; i++) {
                add(rows[(down.first[y] + i) % rows.length], down.weights[y][i], sum);
            }
            store(sum, y);
        }
        return to;
    }

    private void scaleRow(int y, float[] scaled) {
        for (int x = 0; x < from.width(); x++) {
            int argb = from.argb()[y * from.width() + x];
            float alpha = argb >>> 24;
            unscaled[x * CHANNELS] = alpha;
            unscaled[x * CHANNELS + 1] = (argb >> 16 & MAX) * alpha / MAX;
            unscaled[x * CHANNELS + 2] = (argb >> 8 & MAX) * alpha / MAX;
            unscaled[x * CHANNELS + 3] = (argb & MAX) * alpha / MAX;
        }
        for (int x = 0; x < to.width(); x++) {
            float a = 0;
            float r = 0;
            float g = 0;
            float b = 0;
            int at = across.first[x] * CHANNELS;
            for (float weight : across.weights[x]) {
                a += unscaled[at++] * weight;
                r += unscaled[at++] * weight;
                g += unscaled[at++] * weight;
                b += unscaled[at++] * weight;
            }
            scaled[x * CHANNELS] = a;
            scaled[x * CHANNELS + 1] = r;
            scaled[x * CHANNELS + 2] = g;
            scaled[x * CHANNELS + 3] = b;
        }
    }

    private static void add(float[] row, float weight, float[] sum) {
        for (int i = 0; i < sum.length; i++) {
            sum[i] += row[i] * weight;
        }
    }

    private void store(float[] sum, int y) {
        for (int x = 0; x < to.width(); x++) {
            float alpha = sum[x * CHANNELS];
            int argb = 0;
            if (alpha > 0) {
                argb = channel(alpha) << 24
                        | channel(sum[x * CHANNELS + 1] * MAX / alpha) << 16
                        | channel(sum[x * CHANNELS + 2] * MAX / alpha) << 8
                        | channel(sum[x * CHANNELS + 3] * MAX / alpha);
            }
            to.argb()[y * to.width() + x] = argb;
        }
    }

    private static int channel(float value) {
        return Math.clamp(Math.round(value), 0, MAX);
    }
}
