package dev.apikeys.management;

import com.microsoft.playwright.Page;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * What a page can do to make the browser of its visitor send requests to another site. The body is always one that
 * would mint a key, the right password included, so that nothing but the look at where a request comes from can stop
 * it.
 *
 * @param script gets the URL of the collection, the URL of a key, the body as JSON and as fields; its promise is waited
 *     for
 * @param method of the request that arrives because of it
 */
record CrossSiteAttack(String name, String method, String script) {
    private static final Map<String, String> FIELDS =
            Map.of("name", "evil", "mode", "read", "password", ManagementWorld.PASSWORD);
    private static final String JSON =
            "{\"name\":\"evil\",\"mode\":\"read\",\"password\":\"" + ManagementWorld.PASSWORD + "\"";

    /** From a frame that the browser takes for nobody's, and that calls itself {@code null}. */
    static final CrossSiteAttack WITHOUT_ORIGIN = new CrossSiteAttack("form without origin", "POST", """
            const frame = document.createElement('iframe');
            frame.sandbox = 'allow-scripts allow-forms allow-top-navigation';
            frame.srcdoc = `<form method=post enctype=text/plain target=_top action="${url}"><input id=i></form>`
                + '<script>i.name = ' + JSON.stringify(json + ',"x":"') + '; i.value = ' + JSON.stringify('"}') + ';'
                + 'document.forms[0].submit()</' + 'script>';
            document.body.append(frame);""");

    /** Sent without asking the server first. */
    static final List<CrossSiteAttack> SIMPLE = List.of(
            form("form", "post", "'application/x-www-form-urlencoded'", "fields"),
            form("form as text", "post", "'text/plain'", "{[json + ',\"x\":\"']: '\"}'}"),
            form("form in parts", "post", "'multipart/form-data'", "fields"),
            form("form by GET", "get", "''", "fields"),
            new CrossSiteAttack(
                    "form that says DELETE", "POST", formScript("key", "post", "''", "{_method: 'DELETE'}")),
            WITHOUT_ORIGIN,
            fetch(
                    "fetch of text",
                    "POST",
                    "url, {method: 'POST', mode: 'no-cors', credentials: 'include', body: json + '}'}"),
            fetch(
                    "fetch of text that says it were JSON",
                    "POST",
                    "url, {method: 'POST', mode: 'no-cors', credentials: 'include', body: json + '}',"
                            + " headers: {'Content-Type': 'application/json'}}"),
            fetch(
                    "fetch of bytes without type",
                    "POST",
                    "url, {method: 'POST', mode: 'no-cors', credentials: 'include', body: new Blob([json + '}'])}"),
            fetch(
                    "fetch of a form",
                    "POST",
                    "url, {method: 'POST', mode: 'no-cors', credentials: 'include', body: new URLSearchParams(fields)}"),
            fetch(
                    "fetch of parts",
                    "POST",
                    "url, {method: 'POST', mode: 'no-cors', credentials: 'include', body: parts()}"),
            new CrossSiteAttack("beacon", "POST", "navigator.sendBeacon(url, json + '}');"),
            new CrossSiteAttack("image", "GET", "new Image().src = key + '?_method=DELETE';"));

    /** Sent only when the server has said that this page may. */
    static final List<CrossSiteAttack> ASKING_FIRST = List.of(
            fetch(
                    "fetch of JSON",
                    "POST",
                    "url, {method: 'POST', credentials: 'include', body: json + '}',"
                            + " headers: {'Content-Type': 'application/json'}}"),
            fetch("fetch by DELETE", "DELETE", "key, {method: 'DELETE', credentials: 'include'}"));

    /** Carries it out, from the page's own origin. */
    void from(Page page, String collection, UUID key) {
        page.evaluate(
                """
                ({url, key, json, fields}) => {
                const parts = () => {
                    const data = new FormData();
                    for (const [name, value] of Object.entries(fields)) data.append(name, value);
                    return data;
                };
                %s
                }""".formatted(script),
                Map.of("url", collection, "key", collection + "/" + key, "json", JSON, "fields", FIELDS));
    }

    private static CrossSiteAttack form(String name, String method, String type, String fields) {
        return new CrossSiteAttack(
                name, method.equals("get") ? "GET" : "POST", formScript("url", method, type, fields));
    }

    /** Submits a form a moment later, since it takes the page with it. */
    private static String formScript(String action, String method, String type, String fields) {
        return """
                const form = document.createElement('form');
                form.action = %s;
                form.method = '%s';
                form.enctype = %s;
                for (const [name, value] of Object.entries(%s)) {
                    const input = document.createElement('input');
                    input.type = 'hidden';
                    input.name = name;
                    input.value = value;
                    form.append(input);
                }
                document.body.append(form);
                setTimeout(() => form.submit(), 0);""".formatted(action, method, type, fields);
    }

    private static CrossSiteAttack fetch(String name, String method, String arguments) {
        return new CrossSiteAttack(
                name, method, "return fetch(" + arguments + ").then(() => 'sent', () => 'stopped');");
    }

    @Override
    public String toString() {
        return name;
    }
}
