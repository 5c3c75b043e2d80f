package dev.wadi.event;

import dev.wadi.contract.EventShape;
import dev.wadi.contract.EventShape.Type;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Makes events of the rows of a flat source: a CSV file, a table of a database.
 *
 * <p>A column fills the field of its name. {@code customer.id} and {@code customer_id} fill the field {@code id} of the
 * object {@code customer}, unless the shape has a field of the flat name; capitals do not matter where no name fits exactly, and a
 * field's aliases are names of it, too.
 * A column that the shape does not know becomes a field of its own name.
 *
 * <p>A text becomes JSON of the type that the shape asks for. What cannot be converted stays a string, so that the
 * decoder refuses it with its usual reason. Null is left out, and so is an empty text that is to be no text. Fields stand
 * in the order of the shape: rows with equal values give equal bytes, whatever the order of the columns.
 *
 * <p>For one thread.
 */
public final class FlatRow {
    private final FlatColumns columns;
    private final FlatValue value;
    private final int width;

    /**
     * A column of the source.
     *
     * @param type what it becomes when the shape does not know it: STRING for a text; OBJECT or ARRAY when its texts are JSON
     */
    public record Column(String name, Type type) {}

    private FlatRow(EventShape shape, List<Column> columns, FlatFormat format) {
        this.columns = new FlatColumns(shape, columns);
        this.value = new FlatValue(format);
        this.width = columns.size();
    }

    /** @throws IllegalArgumentException when two columns fill one field, or one could fill two; the message names them */
    public static FlatRow of(EventShape shape, List<String> columns, FlatFormat format) {
        return typed(
                shape,
                columns.stream().map(name -> new Column(name, Type.STRING)).toList(),
                format);
    }

    /** The same for a source whose columns have types. */
    public static FlatRow typed(EventShape shape, List<Column> columns, FlatFormat format) {
        return new FlatRow(shape, columns, format);
    }

    /** How many columns fill fields that the shape names. */
    public int known() {
        return columns.known();
    }

    /** The fields that every event must have and no column fills, such as {@code customer.id}. */
    public List<String> missing() {
        return columns.missing();
    }

    /** Writes the event of a row, without a line feed. */
    public void write(@Nullable String[] values, JsonText out) {
        if (values.length != width) {
            throw new IllegalArgumentException(
                    "the row has %d values, and there are %d columns".formatted(values.length, width));
        }
        out.ascii('{');
        fields(columns.root(), values, out);
        out.ascii('}');
    }

    /** The event of one row. */
    public byte[] event(@Nullable String... values) {
        JsonText out = new JsonText();
        write(values, out);
        return out.toBytes();
    }

    private void fields(FlatColumns.Place object, @Nullable String[] values, JsonText out) {
        List<FlatColumns.Place> inside = object.inside;
        for (int i = 0; i < inside.size(); i++) {
            FlatColumns.Place place = inside.get(i);
            FlatColumns.Leaf leaf = place.leaf;
            if (leaf != null) {
                String text = values[leaf.column()];
                if (text != null && !(text.isEmpty() && leaf.type() != Type.STRING)) {
                    name(place, out);
                    value.write(text, leaf.type(), out);
                }
                continue;
            }
            int mark = out.size();
            name(place, out);
            out.ascii('{');
            fields(place, values, out);
            if (out.endsWith('{')) {
                out.back(mark);
            } else {
                out.ascii('}');
            }
        }
    }

    private static void name(FlatColumns.Place place, JsonText out) {
        if (!out.endsWith('{')) {
            out.ascii(',');
        }
        out.raw(place.name);
    }
}
