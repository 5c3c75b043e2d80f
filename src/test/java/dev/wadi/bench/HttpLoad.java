package dev.wadi.bench;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Many keep-alive connections driven by one thread, each with one request under way: no pipelining, and next to no work
 * for the client. It understands just enough of HTTP/1.1 to find the end of an answer.
 */
final class HttpLoad {

    /** Gives requests and hears of answers, all on the thread of the load. */
    interface Script {
        /** The whole next request, ready to be written; null when there is none to send now. */
        @Nullable
        ByteBuffer next(int connection);

        /** Whether all requests have been given out. */
        boolean done();

        /** @param nanos from the first byte written to the last byte read */
        default void answered(int connection, int status, long nanos) {}
    }

    /** What came of it. Latencies are in ascending order. */
    record Result(Map<Integer, Integer> statuses, double seconds, long[] latencies) {
        int count(int status) {
            return statuses.getOrDefault(status, 0);
        }

        double perSecond(int status) {
            return count(status) / seconds;
        }

        double millisAt(double quantile) {
            return latencies.length == 0
                    ? Double.NaN
                    : latencies[(int) Math.min(latencies.length - 1L, (long) (quantile * latencies.length))] / 1e6;
        }
    }

    private static final int ANSWER_BYTES = 1 << 20;

    private final Script script;
    private final List<Connection> connections = new ArrayList<>();
    private final Map<Integer, Integer> statuses = new TreeMap<>();
    private long[] latencies = new long[1 << 16];
    private int answers;
    private int underWay;

    private HttpLoad(Script script) {
        this.script = script;
    }

    /** Runs the script to its end. */
    static Result run(int port, int connections, Script script) throws IOException {
        HttpLoad load = new HttpLoad(script);
        try (Selector selector = Selector.open()) {
            for (int i = 0; i < connections; i++) {
                load.connections.add(new Connection(i, port, selector));
            }
            long before = System.nanoTime();
            load.drive(selector);
            double seconds = (System.nanoTime() - before) / 1e9;
            long[] sorted = Arrays.copyOf(load.latencies, load.answers);
            Arrays.sort(sorted);
            return new Result(load.statuses, seconds, sorted);
        } finally {
            for (Connection connection : load.connections) {
                connection.channel.close();
            }
        }
    }

    private void drive(Selector selector) throws IOException {
        boolean waiting = true;
        while (!script.done() || underWay > 0) {
            if (waiting) {
                waiting = false;
                for (Connection connection : connections) {
                    waiting |= !connection.busy && !send(connection);
                }
            }
            // Rather ask the script again soon than sleep through the moment a request becomes due.
            selector.select(
                    key -> {
                        try {
                            receive((Connection) key.attachment());
                        } catch (IOException broken) {
                            throw new java.io.UncheckedIOException(broken);
                        }
                    },
                    waiting ? 1 : 1_000);
            waiting |= connections.stream().anyMatch(connection -> !connection.busy);
        }
    }

    private boolean send(Connection connection) throws IOException {
        ByteBuffer request = script.done() ? null : script.next(connection.index);
        if (request == null) {
            return false;
        }
        connection.busy = true;
        connection.since = System.nanoTime();
        connection.request = request;
        underWay++;
        connection.write();
        return true;
    }

    private void receive(Connection connection) throws IOException {
        if (connection.key.isWritable()) {
            connection.write();
        }
        if (!connection.key.isReadable()) {
            return;
        }
        int status = connection.read();
        if (status == 0) {
            return;
        }
        long nanos = System.nanoTime() - connection.since;
        if (answers == latencies.length) {
            latencies = Arrays.copyOf(latencies, 2 * latencies.length);
        }
        latencies[answers++] = nanos;
        statuses.merge(status, 1, Integer::sum);
        connection.busy = false;
        underWay--;
        script.answered(connection.index, status, nanos);
        send(connection);
    }

    private static final class Connection {
        final int index;
        final SocketChannel channel;
        final SelectionKey key;
        final ByteBuffer answer = ByteBuffer.allocate(ANSWER_BYTES);
        boolean busy;
        long since;
        ByteBuffer request = ByteBuffer.allocate(0);
        /** Length of the whole answer once its head is read; -1 before, -2 when it is chunked. */
        int whole = -1;

        Connection(int index, int port, Selector selector) throws IOException {
            this.index = index;
            channel = SocketChannel.open(new InetSocketAddress("127.0.0.1", port));
            channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
            channel.configureBlocking(false);
            key = channel.register(selector, SelectionKey.OP_READ, this);
        }

        void write() throws IOException {
            channel.write(request);
            key.interestOps(
                    request.hasRemaining() ? SelectionKey.OP_READ | SelectionKey.OP_WRITE : SelectionKey.OP_READ);
        }

        /** @return the status once the answer is whole, else 0 */
        int read() throws IOException {
            if (channel.read(answer) < 0) {
                throw new IOException("the app closed a connection after " + head());
            }
            byte[] bytes = answer.array();
            int length = answer.position();
            if (whole == -1) {
                int end = headEnd(bytes, length);
                if (end < 0) {
                    return 0;
                }
                whole = length(new String(bytes, 0, end, StandardCharsets.US_ASCII).toLowerCase(Locale.ROOT), end);
            }
            boolean complete = whole == -2 ? endsChunked(bytes, length) : length >= whole;
            if (!complete) {
                return 0;
            }
            int status = (bytes[9] - '0') * 100 + (bytes[10] - '0') * 10 + bytes[11] - '0';
            answer.clear();
            whole = -1;
            return status;
        }

        private static int headEnd(byte[] bytes, int length) {
            for (int i = 3; i < length; i++) {
                if (bytes[i] == '\n' && bytes[i - 1] == '\r' && bytes[i - 2] == '\n') {
                    return i + 1;
                }
            }
            return -1;
        }

        private static int length(String head, int end) {
            int at = head.indexOf("\r\ncontent-length:");
            if (at >= 0) {
                int from = at + "\r\ncontent-length:".length();
                return end
                        + Integer.parseInt(
                                head.substring(from, head.indexOf('\r', from)).trim());
            }
            return head.contains("transfer-encoding: chunked") ? -2 : end;
        }

        private static boolean endsChunked(byte[] bytes, int length) {
            byte[] last = {'0', '\r', '\n', '\r', '\n'};
            return length >= last.length && Arrays.equals(bytes, length - last.length, length, last, 0, last.length);
        }

        private String head() {
            return new String(answer.array(), 0, Math.min(answer.position(), 200), StandardCharsets.US_ASCII);
        }
    }
}
