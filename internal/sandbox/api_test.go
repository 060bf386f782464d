package sandbox_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"muster/internal/sandbox"
	"muster/internal/sandbox/sandboxtest"
	"muster/internal/sandbox/workspace"
)

// raw makes one call as no library would, and returns the answer and its headers.
func raw(t *testing.T, w *sandbox.Server, verb, method, token, contentType, body string) (map[string]any, http.Header) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), verb, w.URL()+"/api/"+method, bytes.NewBufferString(body))
	if err != nil {
		t.Fatal(err)
	}
	if token != "" {
		r.Header.Set("Authorization", "Bearer "+token)
	}
	if contentType != "" {
		r.Header.Set("Content-Type", contentType)
	}
	client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	answer, err := client.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = answer.Body.Close() }()
	if answer.StatusCode != http.StatusOK {
		t.Fatalf("%s: %s", method, answer.Status)
	}
	var v map[string]any
	if err := json.NewDecoder(answer.Body).Decode(&v); err != nil {
		t.Fatal(err)
	}
	return v, answer.Header
}

// form makes a form call with the bot's token and returns the answer.
func form(t *testing.T, w *sandbox.Server, method string, args ...string) map[string]any {
	t.Helper()
	values := url.Values{"token": {w.BotToken()}}
	for i := 0; i < len(args); i += 2 {
		values.Set(args[i], args[i+1])
	}
	v, _ := raw(t, w, http.MethodPost, method, "", "application/x-www-form-urlencoded", values.Encode())
	return v
}

func TestCall_Invalid_IsRefusedAsSlackDoes(t *testing.T) {
	w := sandboxtest.Serve(t, sandbox.Options{Manifest: manifest(t, "chat:write", "channels:read")})
	const formType, jsonType = "application/x-www-form-urlencoded", "application/json; charset=utf-8"
	bot, app := w.BotToken(), w.AppToken()
	for _, c := range []struct{ name, verb, method, token, kind, body, want string }{
		{"unknown method", "POST", "chat.shout", bot, formType, "", "unknown_method"},
		{"no token", "POST", "auth.test", "", formType, "", "not_authed"},
		{"wrong token", "POST", "auth.test", "xoxb-other", formType, "", "invalid_auth"},
		{"token in the URL", "GET", "conversations.info?token=" + bot + "&channel=C0INCIDEN1", "", "", "", "not_authed"},
		{"app token for a bot's method", "POST", "auth.test", app, formType, "", "not_allowed_token_type"},
		{"bot token for a socket", "POST", "apps.connections.open", bot, formType, "", "not_allowed_token_type"},
		{"app token as a field", "POST", "apps.connections.open", "", formType, "token=" + app, "not_authed"},
		{"GET for a socket", "GET", "apps.connections.open", app, "", "", "insecure_request"},
		{"GET for a write", "GET", "chat.postMessage", bot, "", "", "invalid_post_type"},
		{"a body without a type", "POST", "auth.test", bot, "", "x=1", "missing_post_type"},
		{"a type Slack does not take", "POST", "auth.test", bot, "text/xml", "<x/>", "invalid_post_type"},
		{"JSON where only forms are taken", "POST", "conversations.info", bot, jsonType, `{"channel":"C"}`, "invalid_post_type"},
		{"broken JSON", "POST", "chat.postMessage", bot, jsonType, `{`, "invalid_json"},
		{"JSON that is no object", "POST", "chat.postMessage", bot, jsonType, `[]`, "json_not_object"},
		{"missing scope", "POST", "pins.add", bot, formType, "channel=C0INCIDEN1", "missing_scope"},
		{"missing argument", "POST", "chat.postMessage", bot, formType, "text=x", "invalid_arguments"},
		{"unknown argument", "POST", "chat.postMessage", bot, formType, "channel=C0INCIDEN1&text=x&colour=red", "invalid_arguments"},
		{"ill-typed argument", "POST", "chat.postMessage", bot, formType, "channel=C0INCIDEN1&text=x&mrkdwn=perhaps", "invalid_arguments"},
		{"no text", "POST", "chat.postMessage", bot, formType, "channel=C0INCIDEN1", "no_text"},
		{"fine", "POST", "chat.postMessage", bot, formType, "channel=C0INCIDEN1&text=x", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			answer, header := raw(t, w, c.verb, c.method, c.token, c.kind, c.body)
			got, _ := answer["error"].(string)
			if got != c.want || answer["ok"] != (c.want == "") {
				t.Errorf("got %v, want %q", answer, c.want)
			}
			if header.Get("x-slack-failure") != c.want || header.Get("x-slack-req-id") == "" {
				t.Errorf("headers: %v", header)
			}
			switch c.want {
			case "unknown_method":
				if answer["req_method"] != "chat.shout" {
					t.Errorf("no req_method in %v", answer)
				}
			case "missing_scope":
				if answer["needed"] != "pins:write" || !strings.Contains(answer["provided"].(string), "chat:write") {
					t.Errorf("no needed/provided in %v", answer)
				}
				if header.Get("x-accepted-oauth-scopes") != "pins:write" {
					t.Errorf("headers: %v", header)
				}
			}
		})
	}
}

// manifest is an app with the given scopes only.
func manifest(t *testing.T, scopes ...string) []byte {
	t.Helper()
	raw, err := json.Marshal(map[string]any{
		"display_information": map[string]any{"name": "Narrow"},
		"oauth_config":        map[string]any{"scopes": map[string]any{"bot": scopes}},
		"settings":            map[string]any{"socket_mode_enabled": true},
	})
	if err != nil {
		t.Fatal(err)
	}
	return raw
}

func TestChannel_Names_FollowSlacksRules(t *testing.T) {
	w := sandboxtest.Serve(t, sandbox.Options{})
	for name, want := range map[string]string{
		"":                      "invalid_name_required",
		"  ":                    "invalid_name_required",
		"inc-1-payments_down":   "",
		"Inc-1":                 "invalid_name_specials",
		"with space":            "invalid_name_specials",
		"dot.ted":               "invalid_name_specials",
		"--__":                  "invalid_name_punctuation",
		strings.Repeat("a", 80): "",
		strings.Repeat("a", 81): "invalid_name_maxlength",
		"general":               "name_taken",
	} {
		answer := form(t, w, "conversations.create", "name", name)
		if got, _ := answer["error"].(string); got != want {
			t.Errorf("%q: got %q, want %q", name, got, want)
		}
	}
}

func TestBlocks_Malformed_AreReportedAsSlackDoes(t *testing.T) {
	w := sandboxtest.Serve(t, sandbox.Options{})
	blocks, err := json.Marshal([]any{map[string]any{
		"type": "section", "text": map[string]any{"type": "mrkdwn", "text": strings.Repeat("x", 3001)},
	}})
	if err != nil {
		t.Fatal(err)
	}
	answer := form(t, w, "chat.postMessage", "channel", workspace.Incidents, "text", "x", "blocks", string(blocks))
	meta, _ := answer["response_metadata"].(map[string]any)
	messages, _ := meta["messages"].([]any)
	want := []string{
		"[ERROR] failed to match all allowed schemas [json-pointer:/blocks/0/text]",
		"[ERROR] must be less than 3001 characters [json-pointer:/blocks/0/text/text]",
	}
	if answer["error"] != "invalid_blocks" || len(messages) != 2 || messages[0] != want[0] || messages[1] != want[1] {
		t.Errorf("got %v", answer)
	}
	const table = `{"type":"table","rows":[[{"type":"raw_text","text":"x"}]]}`
	for method, want := range map[string]string{"chat.postEphemeral": "invalid_attachments", "chat.postMessage": "invalid_blocks"} {
		args := []string{"channel", workspace.Incidents, "text", "x", "user", "U0ONCALL01", "blocks", "[" + table + "," + table + "]"}
		if method == "chat.postMessage" {
			args = append(args[:4], args[6:]...)
		}
		if answer := form(t, w, method, args...); answer["error"] != want || !strings.Contains(fmt.Sprint(answer["errors"]), "only_one_table_allowed") {
			t.Errorf("%s of two tables: %v", method, answer)
		}
	}
	if answer := form(t, w, "chat.postMessage", "channel", workspace.Incidents, "blocks", "{}"); answer["error"] != "invalid_blocks_format" {
		t.Errorf("an object for blocks: %v", answer)
	}
}

func TestGuard_ForeignOriginOrHost_IsRefused(t *testing.T) {
	w := sandboxtest.Serve(t, sandbox.Options{})
	for _, change := range []func(*http.Request){
		func(r *http.Request) { r.Header.Set("Origin", "https://example.com") },
		func(r *http.Request) { r.Host = "example.com" },
	} {
		r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, w.URL()+"/sandbox/v1/state", nil)
		if err != nil {
			t.Fatal(err)
		}
		change(r)
		client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
		answer, err := client.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		_ = answer.Body.Close()
		if answer.StatusCode != http.StatusForbidden {
			t.Errorf("got %s", answer.Status)
		}
	}
}

func TestOpen_NotLoopback_IsRefused(t *testing.T) {
	for _, addr := range []string{"0.0.0.0:0", ":8065", "192.0.2.1:80", "nonsense"} {
		if _, err := sandbox.Open(sandbox.Options{Listen: addr}); err == nil {
			t.Errorf("%s was taken", addr)
		}
	}
}
