package dev.wadi.event;

/**
 * ISO 8601 dates and instants, as far as every reader of the lake agrees on them: {@code 2026-01-31} and
 * {@code 2026-01-31T12:00[:00[.123456789]]} with {@code Z}, {@code +01:00}, {@code +0100} or {@code +01}. Years are 0001
 * to 9999; there is no hour 24 and no second 60.
 */
final class TimeText {
    /** What a text is, taken as an instant. */
    enum Instant {
        GOOD,
        /** A date and a time, but it is open where on Earth. */
        WITHOUT_OFFSET,
        BAD
    }

    private static final int DATE_LENGTH = 10;

    private TimeText() {}

    static boolean isDate(char[] text, int from, int length) {
        if (length != DATE_LENGTH || text[from + 4] != '-' || text[from + 7] != '-') {
            return false;
        }
        int century = two(text, from);
        int rest = two(text, from + 2);
        int month = two(text, from + 5);
        int day = two(text, from + 8);
        if (century < 0 || rest < 0 || month < 1 || month > 12 || day < 1) {
            return false;
        }
        int year = century * 100 + rest;
        return year > 0 && day <= days(year, month);
    }

    static Instant instant(char[] text, int from, int length) {
        int end = from + length;
        int at = from + DATE_LENGTH;
        if (length < DATE_LENGTH || !isDate(text, from, DATE_LENGTH)) {
            return Instant.BAD;
        }
        if (at == end) {
            return Instant.WITHOUT_OFFSET;
        }
        if (length < DATE_LENGTH + 6
                || text[at] != 'T'
                || outside(two(text, at + 1), 23)
                || text[at + 3] != ':'
                || outside(two(text, at + 4), 59)) {
            return Instant.BAD;
        }
        at += 6;
        if (at + 3 <= end && text[at] == ':') {
            if (outside(two(text, at + 1), 59)) {
                return Instant.BAD;
            }
            at += 3;
            if (at < end && text[at] == '.') {
                int digits = 0;
                while (++at < end && text[at] >= '0' && text[at] <= '9') {
                    digits++;
                }
                if (digits < 1 || digits > 9) {
                    return Instant.BAD;
                }
            }
        }
        if (at == end) {
            return Instant.WITHOUT_OFFSET;
        }
        return offset(text, at, end) ? Instant.GOOD : Instant.BAD;
    }

    private static boolean offset(char[] text, int from, int end) {
        int length = end - from;
        if (text[from] == 'Z') {
            return length == 1;
        }
        if (text[from] != '+' && text[from] != '-') {
            return false;
        }
        boolean colon = length == 6 && text[from + 3] == ':';
        if (length != 3 && length != 5 && !colon) {
            return false;
        }
        int hours = two(text, from + 1);
        int minutes = length == 3 ? 0 : two(text, end - 2);
        return !outside(hours, 18) && !outside(minutes, hours == 18 ? 0 : 59);
    }

    private static boolean outside(int value, int highest) {
        return value < 0 || value > highest;
    }

    /** The number that two digits are; -1 when they are no digits. */
    private static int two(char[] text, int at) {
        int tens = text[at] - '0';
        int ones = text[at + 1] - '0';
        return tens < 0 || tens > 9 || ones < 0 || ones > 9 ? -1 : tens * 10 + ones;
    }

    private static int days(int year, int month) {
        return switch (month) {
            case 2 -> year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28;
            case 4, 6, 9, 11 -> 30;
            default -> 31;
        };
    }
}
