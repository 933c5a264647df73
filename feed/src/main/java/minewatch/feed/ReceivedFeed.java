package minewatch.feed;

import io.grpc.MethodDescriptor;
import io.grpc.protobuf.ProtoUtils;
import minewatch.feed.v1.CollectorMessage;
import minewatch.feed.v1.FeedGrpc;
import minewatch.feed.v1.ReceivedMessage;

/// The feed's exchange for a side that keeps hits as they were serialized.
public final class ReceivedFeed {
    private static final MethodDescriptor<ReceivedMessage, CollectorMessage> EXCHANGE =
            FeedGrpc.getExchangeMethod().toBuilder(
                            ProtoUtils.marshaller(ReceivedMessage.getDefaultInstance()),
                            FeedGrpc.getExchangeMethod().getResponseMarshaller())
                    .build();

    private ReceivedFeed() {}

    /// The same method: on the wire nothing is different.
    public static MethodDescriptor<ReceivedMessage, CollectorMessage> exchange() {
        return EXCHANGE;
    }
}
