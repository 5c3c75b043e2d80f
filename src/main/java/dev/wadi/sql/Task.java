package dev.wadi.sql;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A checked statement on its way to the process that runs it.
 *
 * @param views what it may read
 * @param rows the most rows wanted
 * @param bytes about the most bytes of them
 * @param millis time it may take
 */
record Task(String sql, List<@Nullable Object> parameters, List<View> views, int rows, long bytes, long millis) {
    /** As {@link dev.wadi.engine.Loan.Table} says. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record View(String layer, String name, String select, String side, byte @Nullable [] deleted, List<String> files) {}

    void write(DataOutputStream out) throws IOException {
        Wire.text(out, sql);
        out.writeInt(parameters.size());
        for (Object parameter : parameters) {
            Wire.value(out, parameter);
        }
        out.writeInt(views.size());
        for (View view : views) {
            Wire.text(out, view.layer);
            Wire.text(out, view.name);
            Wire.text(out, view.select);
            Wire.text(out, view.side);
            out.writeBoolean(view.deleted != null);
            if (view.deleted != null) {
                Wire.bytes(out, view.deleted);
            }
            out.writeInt(view.files.size());
            for (String file : view.files) {
                Wire.text(out, file);
            }
        }
        out.writeInt(rows);
        out.writeLong(bytes);
        out.writeLong(millis);
    }

    static Task read(DataInputStream in) throws IOException {
        String sql = Wire.text(in);
        List<@Nullable Object> parameters = new ArrayList<>();
        for (int n = in.readInt(); n > 0; n--) {
            parameters.add(Wire.value(in));
        }
        List<View> views = new ArrayList<>();
        for (int n = in.readInt(); n > 0; n--) {
            views.add(view(in));
        }
        return new Task(sql, parameters, views, in.readInt(), in.readLong(), in.readLong());
    }

    private static View view(DataInputStream in) throws IOException {
        String layer = Wire.text(in);
        String name = Wire.text(in);
        String select = Wire.text(in);
        String side = Wire.text(in);
        byte[] deleted = in.readBoolean() ? Wire.bytes(in) : null;
        List<String> files = new ArrayList<>();
        for (int n = in.readInt(); n > 0; n--) {
            files.add(Wire.text(in));
        }
        return new View(layer, name, select, side, deleted, files);
    }
}
