package dev.wadi.file;

import dev.wadi.contract.EventShape;
import dev.wadi.event.FlatRow;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** CSV: a header, then a row a record. */
final class CsvFile implements RowFile {
    private static final List<Character> DELIMITERS = List.of(',', ';', '\t', '|');

    private final CsvRecords records;
    private final FlatRow row;
    private final @Nullable String[] values;
    private final ChunkBuilder chunk = new ChunkBuilder("line");

    private record Header(List<String> columns, FlatRow row, char delimiter) {}

    /** @throws UnreadableFileException when the first line is no header of the stream */
    CsvFile(TextSource source, EventShape shape, FileFormat format) throws IOException {
        Header header = header(source, shape, format);
        row = header.row();
        values = new String[header.columns().size()];
        records = new CsvRecords(new Window(source.open()), header.delimiter(), format.nullText());
        records.next();
    }

    private static Header header(TextSource source, EventShape shape, FileFormat format) throws IOException {
        Header best = null;
        String problem = null;
        Character set = format.delimiter();
        for (char delimiter : set == null ? DELIMITERS : List.of(set)) {
            List<String> columns = columns(source, delimiter);
            try {
                Header header = new Header(columns, FlatRow.of(shape, columns, format.flat()), delimiter);
                if (best == null
                        || header.row().known() > best.row().known()
                        || header.row().known() == best.row().known()
                                && columns.size() > best.columns().size()) {
                    best = header;
                }
            } catch (IllegalArgumentException e) {
                if (problem == null || columns.size() > 1) {
                    problem = e.getMessage();
                }
            }
        }
        if (best == null || best.row().known() == 0 && problem != null) {
            throw new UnreadableFileException("The header in line 1 cannot be read: %s.".formatted(problem));
        }
        if (best.row().known() == 0) {
            throw new UnreadableFileException(
                    "Line 1 is no header of the stream %s: no column of '%s' is one of its fields. Begin the file with the names of the columns, such as %s."
                            .formatted(shape.stream(), shown(best), names(shape)));
        }
        List<String> missing = best.row().missing();
        if (!missing.isEmpty()) {
            throw new UnreadableFileException(
                    "The header in line 1 (%s) lacks what every event of the stream %s must have: %s. Add the columns."
                            .formatted(shown(best), shape.stream(), String.join(", ", missing)));
        }
        return best;
    }

    private static String shown(Header header) {
        String text = String.join(String.valueOf(header.delimiter()), header.columns());
        return text.length() <= 300 ? text : text.substring(0, 300) + "...";
    }

    private static String names(EventShape shape) {
        return String.join(
                ",",
                shape.fields().stream().limit(5).map(EventShape.Field::name).toList());
    }

    private static List<String> columns(TextSource source, char delimiter) throws IOException {
        try (CsvRecords records = new CsvRecords(new Window(source.open()), delimiter, null)) {
            if (!records.next()) {
                throw new UnreadableFileException("The file is empty. Begin it with the names of the columns.");
            }
            String problem = records.problem();
            if (problem != null) {
                throw new UnreadableFileException(
                        "The header in line %d cannot be read: %s.".formatted(records.line(), problem));
            }
            List<String> columns = new ArrayList<>();
            for (int i = 0; i < records.size(); i++) {
                String name = records.value(i);
                columns.add(name == null ? "" : name.strip());
            }
            return columns;
        }
    }

    @Override
    public @Nullable Chunk next() throws IOException {
        while (!chunk.isFull() && records.next()) {
            String problem = records.problem();
            if (problem == null && records.size() != values.length) {
                problem = "%d values, but the header has %d columns".formatted(records.size(), values.length);
            }
            if (problem != null) {
                chunk.unread(records.line(), records.text(), problem);
                continue;
            }
            for (int i = 0; i < values.length; i++) {
                values[i] = records.value(i);
            }
            row.write(values, chunk.events());
            chunk.wrote(records.line());
        }
        return chunk.take();
    }

    @Override
    public void close() throws IOException {
        records.close();
    }
}
