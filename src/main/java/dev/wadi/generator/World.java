package dev.wadi.generator;

import java.util.List;

/** Who and what the stories are about: the same in every story, so that clicks and bookings meet. */
final class World {
    static final int CUSTOMERS = 20_000;
    static final int PRODUCTS = 600;
    static final int AGENCIES = 24;

    /** @param latitude degrees north, as JSON number */
    record City(String name, String country, String latitude, String longitude) {}

    /** @param cents price of one, in hundredths of its currency */
    record Product(String id, String name, String type, String destination, long cents) {}

    record Customer(String id, String name, String email, String segment, City home) {}

    record Agency(String id, String name, String currency) {}

    static final List<City> CITIES = List.of(
            new City("Amman", "JO", "31.9539", "35.9106"),
            new City("Amsterdam", "NL", "52.3676", "4.9041"),
            new City("Athens", "GR", "37.9838", "23.7275"),
            new City("Berlin", "DE", "52.5200", "13.4050"),
            new City("Buenos Aires", "AR", "-34.6037", "-58.3816"),
            new City("Cairo", "EG", "30.0444", "31.2357"),
            new City("Cape Town", "ZA", "-33.9249", "18.4241"),
            new City("Dubai", "AE", "25.2048", "55.2708"),
            new City("Istanbul", "TR", "41.0082", "28.9784"),
            new City("Kraków", "PL", "50.0647", "19.9450"),
            new City("Lisbon", "PT", "38.7223", "-9.1393"),
            new City("London", "GB", "51.5074", "-0.1278"),
            new City("Madrid", "ES", "40.4168", "-3.7038"),
            new City("Marrakesh", "MA", "31.6295", "-7.9811"),
            new City("Mumbai", "IN", "19.0760", "72.8777"),
            new City("New York", "US", "40.7128", "-74.0060"),
            new City("Paris", "FR", "48.8566", "2.3522"),
            new City("Rome", "IT", "41.9028", "12.4964"),
            new City("São Paulo", "BR", "-23.5505", "-46.6333"),
            new City("Singapore", "SG", "1.3521", "103.8198"),
            new City("Sydney", "AU", "-33.8688", "151.2093"),
            new City("Tokyo", "JP", "35.6762", "139.6503"),
            new City("Toronto", "CA", "43.6532", "-79.3832"),
            new City("Zürich", "CH", "47.3769", "8.5417"));

    private static final List<String> FIRST = List.of(
            "Aisha", "Ben", "Chloé", "Daniel", "Elif", "Farid", "Grace", "Hana", "Ivan", "João", "Karim", "Leila",
            "Łukasz", "Maria", "Noor", "Omar", "Priya", "Quentin", "Rosa", "Sven", "Tara", "Uma", "Yusuf", "Zoë");
    private static final List<String> LAST = List.of(
            "Almeida", "Bauer", "Costa", "Dupont", "Eriksen", "Fischer", "García", "Haddad", "Ivanova", "Jansen",
            "Khan", "Larsen", "Müller", "Nowak", "Okafor", "Patel", "Rossi", "Schmidt", "Tanaka", "Usman", "Weber",
            "Yılmaz");
    private static final List<String> SEGMENTS =
            List.of("leisure", "leisure", "leisure", "business", "business", "group");
    private static final List<String> AGENCY_NAMES = List.of(
            "Atlas Travel",
            "Blue Harbour",
            "Caravan Tours",
            "Dune & Sea",
            "Easy Miles",
            "Far Horizon",
            "Globe Desk",
            "Home & Away");
    private static final List<String> CURRENCIES = List.of("EUR", "EUR", "USD", "GBP", "AED", "CHF");
    private static final List<String> HOTELS =
            List.of("Grand Hotel", "Riverside Inn", "Old Town Suites", "Garden Hotel");
    private static final List<String> CARS = List.of("Compact car", "Family car", "Van", "Electric car");

    private World() {}

    /** @param number 0 to {@value #PRODUCTS} - 1 */
    static Product product(int number) {
        String id = "P-%04d".formatted(number);
        City city = CITIES.get(number / 3 % CITIES.size());
        long spread = mixed(number) % 100;
        return switch (number % 3) {
            case 0 ->
                new Product(
                        id,
                        "Flight %d to %s".formatted(100 + number, city.name()),
                        "flight",
                        city.name(),
                        4_900 + spread * 795 + 99);
            case 1 ->
                new Product(
                        id,
                        "%s, %s".formatted(HOTELS.get(number / 72 % HOTELS.size()), city.name()),
                        "hotel",
                        city.name(),
                        3_500 + spread * 310 + 50);
            default ->
                new Product(
                        id,
                        "%s in %s".formatted(CARS.get(number / 72 % CARS.size()), city.name()),
                        "car",
                        city.name(),
                        1_800 + spread * 95 + 95);
        };
    }

    /** @param number 0 to {@value #CUSTOMERS} - 1 */
    static Customer customer(int number) {
        long mixed = mixed(number);
        String name = FIRST.get((int) (mixed % FIRST.size())) + " " + LAST.get((int) (mixed / 64 % LAST.size()));
        return new Customer(
                "C-%05d".formatted(number),
                name,
                "c%05d@example.com".formatted(number),
                SEGMENTS.get((int) (mixed / 4096 % SEGMENTS.size())),
                CITIES.get((int) (mixed / 65536 % CITIES.size())));
    }

    /** @param number 0 to {@value #AGENCIES} - 1 */
    static Agency agency(int number) {
        return new Agency(
                "A-%02d".formatted(number),
                "%s %s"
                        .formatted(
                                AGENCY_NAMES.get(number % AGENCY_NAMES.size()),
                                CITIES.get(number).name()),
                CURRENCIES.get(number % CURRENCIES.size()));
    }

    /** A number from 0 that looks random and is always the same for {@code number}. */
    private static long mixed(int number) {
        long mixed = (number + 1) * 0x9E3779B97F4A7C15L;
        mixed = (mixed ^ mixed >>> 30) * 0xBF58476D1CE4E5B9L;
        return (mixed ^ mixed >>> 27) >>> 1;
    }
}
