package dev.wadi.api;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** The forms in which events come in. */
enum MediaKind {
    /** An object or an array of objects. */
    JSON(List.of("application/json")),
    /** An object a line. */
    NDJSON(List.of("application/x-ndjson", "application/ndjson", "application/jsonl")),
    /** One CloudEvent 1.0 in structured mode. */
    CLOUD_EVENT(List.of("application/cloudevents+json")),
    /** An array of CloudEvents. */
    CLOUD_EVENTS(List.of("application/cloudevents-batch+json"));

    private final List<String> names;

    MediaKind(List<String> names) {
        this.names = names;
    }

    /** The media type under which such a body travels on, without parameters. */
    String mediaType() {
        return names.getFirst();
    }

    /**
     * @param contentType media type with or without parameters
     * @throws Problem 415 for another media type, or for a charset that is not UTF-8
     */
    static MediaKind of(String contentType) {
        int semicolon = contentType.indexOf(';');
        String name = (semicolon < 0 ? contentType : contentType.substring(0, semicolon)).strip();
        for (MediaKind kind : values()) {
            for (String known : kind.names) {
                if (known.equalsIgnoreCase(name)) {
                    if (semicolon >= 0) {
                        refuseOtherCharsets(contentType.substring(semicolon + 1));
                    }
                    return kind;
                }
            }
        }
        throw DoorProblems.mediaType(name, supported());
    }

    static List<String> supported() {
        return Arrays.stream(values()).map(MediaKind::mediaType).toList();
    }

    private static void refuseOtherCharsets(String parameters) {
        for (String parameter : parameters.split(";", -1)) {
            String text = parameter.strip().toLowerCase(Locale.ROOT);
            if (text.startsWith("charset=")) {
                String charset = text.substring("charset=".length()).replace("\"", "");
                if (!charset.equals("utf-8") && !charset.equals("utf8") && !charset.equals("us-ascii")) {
                    throw DoorProblems.charset(charset);
                }
            }
        }
    }
}
