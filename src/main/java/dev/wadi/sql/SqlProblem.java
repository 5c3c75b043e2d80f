package dev.wadi.sql;

import java.util.List;

/** A statement was not answered. The message says problem and cure. */
public final class SqlProblem extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final Kind kind;
    private final transient Place place;
    private final transient List<String> allowed;

    /** Why. */
    public enum Kind {
        /** It cannot be understood, or holds what no statement may hold. */
        STATEMENT,
        /** Its text is too long. */
        LENGTH,
        /** It took longer than it may. */
        TIME,
        /** It needs more memory than it may. */
        MEMORY,
        /** It needs more room on disk than it may. */
        SPILL,
        /** It broke the process that it ran in. */
        CRASH,
        /** Too many others run. */
        BUSY,
        /** It could not be run at all, through no fault of its own. */
        AWAY
    }

    /** Where in the statement; both from 1, {@code column} in characters. {@link #NOWHERE} when that is not known. */
    public record Place(int line, int column) {
        public static final Place NOWHERE = new Place(0, 0);

        /** @param bytes from the start of {@code sql} as UTF-8 */
        static Place at(String sql, long bytes) {
            int line = 1;
            int column = 1;
            long passed = 0;
            for (int next = 0; next < sql.length() && passed < bytes; ) {
                int character = sql.codePointAt(next);
                next += Character.charCount(character);
                passed += character < 0x80 ? 1 : character < 0x800 ? 2 : character < 0x10000 ? 3 : 4;
                if (character == '\n') {
                    line++;
                    column = 1;
                } else {
                    column++;
                }
            }
            return passed < bytes ? NOWHERE : new Place(line, column);
        }
    }

    SqlProblem(Kind kind, String message) {
        this(kind, message, Place.NOWHERE, List.of());
    }

    SqlProblem(Kind kind, String message, Place place, List<String> allowed) {
        super(message);
        this.kind = kind;
        this.place = place;
        this.allowed = List.copyOf(allowed);
    }

    public Kind kind() {
        return kind;
    }

    public Place place() {
        return place;
    }

    /** What could have been written instead; empty when there is no list of it. */
    public List<String> allowed() {
        return allowed;
    }
}
