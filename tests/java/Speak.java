import com.google.gson.Gson;
import com.google.gson.JsonObject;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/** The side of the client `Frontgraph` in the conversation of tests/clients/leading.py; its argument is the address. */
public final class Speak {
    public static void main(String[] arguments) throws Exception {
        Gson gson = new Gson();
        Frontgraph client = new Frontgraph(arguments[0]);
        BufferedReader lines = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            String[] parts = line.split(" ", 2);
            JsonObject told = gson.fromJson(parts[1], JsonObject.class);
            String query = told.get("query").getAsString();
            if (parts[0].equals("subscribe")) {
                client.subscribe(query, event -> say("event", event));
                continue;
            }
            try {
                say("answer", client.ask(query, told.getAsJsonObject("variables").asMap()));
            } catch (IOException failure) {
                say("answer", gson.toJsonTree(Map.of("failed", failure.toString())).getAsJsonObject());
            }
        }
        System.exit(0);
    }

    private static synchronized void say(String word, JsonObject value) {
        System.out.println(word + " " + value);
    }
}
