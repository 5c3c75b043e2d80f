package dev.wadi.api;

import io.micronaut.context.event.BeanCreatedEvent;
import io.micronaut.context.event.BeanCreatedEventListener;
import io.micronaut.http.netty.channel.ChannelPipelineCustomizer;
import io.micronaut.http.server.netty.NettyServerCustomizer;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpRequest;
import jakarta.inject.Singleton;
import org.jspecify.annotations.Nullable;

/**
 * Leaves compressed events compressed until {@link Gzip} reads them.
 *
 * <p>The server would inflate them by itself, but it stops after the first gzip member and does not notice a missing
 * end: the rest of {@code cat a.gz b.gz} would be dropped without a word. So the encoding travels under another name.
 */
@Singleton
final class KeepContentEncoding implements BeanCreatedEventListener<NettyServerCustomizer.Registry> {
    /** Carries the Content-Encoding that the client sent. */
    static final String HEADER = "Wadi-Content-Encoding";

    @Override
    public NettyServerCustomizer.Registry onCreated(BeanCreatedEvent<NettyServerCustomizer.Registry> event) {
        event.getBean().register(new Customizer(null));
        return event.getBean();
    }

    private record Customizer(@Nullable Channel channel) implements NettyServerCustomizer {
        @Override
        public NettyServerCustomizer specializeForChannel(Channel newChannel, ChannelRole role) {
            return new Customizer(newChannel);
        }

        @Override
        public void onStreamPipelineBuilt() {
            if (channel != null) {
                channel.pipeline()
                        .addBefore(
                                ChannelPipelineCustomizer.HANDLER_MICRONAUT_INBOUND,
                                "wadi-keep-content-encoding",
                                new Rename());
            }
        }
    }

    @ChannelHandler.Sharable
    private static final class Rename extends ChannelInboundHandlerAdapter {
        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            if (message instanceof HttpRequest request && request.uri().startsWith(EventsController.PATH)) {
                HttpHeaders headers = request.headers();
                headers.remove(HEADER);
                String encoding = headers.get(HttpHeaderNames.CONTENT_ENCODING);
                if (encoding != null) {
                    headers.set(HEADER, encoding);
                    headers.remove(HttpHeaderNames.CONTENT_ENCODING);
                }
            }
            context.fireChannelRead(message);
        }
    }
}
