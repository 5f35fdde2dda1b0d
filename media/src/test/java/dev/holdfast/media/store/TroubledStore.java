package dev.holdfast.media.store;

import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.infrastructure.Infrastructure;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;

/** A store around which something happens. */
public final class TroubledStore {
    private TroubledStore() {}

    public static BlobException unavailable() {
        return new BlobException(BlobException.Reason.UNAVAILABLE, "nobody answers");
    }

    /** Calls this, which may block or throw, each time before a method of that name does something. */
    public static BlobStore before(BlobStore store, String name, Runnable during) {
        return (BlobStore) Proxy.newProxyInstance(
                BlobStore.class.getClassLoader(), new Class<?>[] {BlobStore.class}, (proxy, method, arguments) -> {
                    if (!method.getName().equals(name)) {
                        return call(store, method, arguments);
                    }
                    Uni<Boolean> first = Uni.createFrom()
                            .item(() -> {
                                during.run();
                                return true;
                            })
                            .runSubscriptionOn(Infrastructure.getDefaultWorkerPool());
                    return method.getReturnType() == Uni.class
                            ? first.chain(done -> (Uni<?>) call(store, method, arguments))
                            : first.onItem().transformToMulti(done -> (Multi<?>) call(store, method, arguments));
                });
    }

    private static Object call(BlobStore store, Method method, Object[] arguments) {
        try {
            return method.invoke(store, arguments);
        } catch (InvocationTargetException failed) {
            throw failed.getCause() instanceof RuntimeException cause ? cause : new IllegalStateException(failed);
        } catch (IllegalAccessException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
