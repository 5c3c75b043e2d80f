package dev.wadi.poll;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.List;

/**
 * How far a poll has read: the text of a watermark.
 *
 * @param row the watermark columns of the last row, as the database writes them
 * @param began the database's clock when it began to read up to there. What it passed since may have been joined by rows
 *     of transactions that were under way
 */
record Place(List<String> row, String began) {
    private static final ObjectMapper JSON = new ObjectMapper();

    Place {
        row = List.copyOf(row);
    }

    /** @throws IllegalArgumentException when it is not one of {@code columns} columns */
    static Place parse(String watermark, int columns) {
        try {
            Place place = JSON.readValue(watermark, Place.class);
            if (place.row().size() == columns) {
                return place;
            }
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(unfit(watermark), e);
        }
        throw new IllegalArgumentException(unfit(watermark));
    }

    private static String unfit(String watermark) {
        return ("the table says that this route has read up to %s, which does not fit the columns of its watermark: give the"
                        + " route another id, and it reads from the beginning; what the table has is then a duplicate")
                .formatted(watermark);
    }

    String text() {
        try {
            return JSON.writeValueAsString(this);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("texts are always JSON", e);
        }
    }
}
