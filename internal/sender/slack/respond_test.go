package slack_test

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	slackgo "github.com/slack-go/slack"

	"muster/internal/sender/slack"
)

func TestSelf_Twice_IsAskedOnce(t *testing.T) {
	w := newWorkspace(t)
	c := w.client()
	want := slack.Identity{TeamID: "T0", Team: "Acme", BotUserID: botU, BotID: botB}
	for range 2 {
		if got, err := c.Self(t.Context()); err != nil || got != want {
			t.Errorf("got %+v, error %v", got, err)
		}
	}
	if n := len(w.forms("auth.test")); n != 1 {
		t.Errorf("asked %d times", n)
	}
}

func TestViews_OpenAndUpdate_PassOnWhatSlackSays(t *testing.T) {
	w := newWorkspace(t)
	view := slackgo.ModalViewRequest{Type: slackgo.VTModal, Title: slackgo.NewTextBlockObject(slackgo.PlainTextType, "Declare", false, false)}
	w.methods["views.open"] = func(url.Values) object { return object{"ok": true, "view": object{"id": "V0"}} }
	w.methods["views.update"] = refuse("hash_conflict")
	c := w.client()
	if err := c.OpenView(t.Context(), "trigger", view); err != nil {
		t.Error(err)
	}
	if err := c.UpdateView(t.Context(), "V0", "old", view); err == nil || !strings.Contains(err.Error(), "hash_conflict") {
		t.Errorf("update: %v", err)
	}
}

func TestRespond_EachAudience_IsSetExplicitly(t *testing.T) {
	for ephemeral, want := range map[bool]string{true: "ephemeral", false: "in_channel"} {
		var got struct {
			Text         string `json:"text"`
			ResponseType string `json:"response_type"`
			Blocks       []any  `json:"blocks"`
		}
		server := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, in *http.Request) {
			if err := json.NewDecoder(in.Body).Decode(&got); err != nil {
				t.Error(err)
			}
		}))
		defer server.Close()
		err := newWorkspace(t).client().Respond(t.Context(), server.URL+"/commands/1/secret", slack.Response{
			Text: "Declared", Blocks: []slackgo.Block{slackgo.NewDividerBlock()}, Ephemeral: ephemeral,
		})
		if err != nil || got.Text != "Declared" || got.ResponseType != want || len(got.Blocks) != 1 {
			t.Errorf("sent %+v, error %v", got, err)
		}
	}
}

func TestRespond_UnsafeURL_IsRefused(t *testing.T) {
	c := newWorkspace(t).client()
	for _, to := range []string{
		"http://hooks.slack.invalid/secret", "ftp://127.0.0.1/secret", "http://10.0.0.1/secret",
		"http://127.0.0.1.invalid/secret", "file:///secret", "://secret", "",
	} {
		err := c.Respond(t.Context(), to, slack.Response{Text: "hi"})
		if err == nil || strings.Contains(err.Error(), "secret") {
			t.Errorf("%q: %v", to, err)
		}
	}
}

func TestRespond_Fails_DoesNotTellItsURL(t *testing.T) {
	tries := 0
	server := httptest.NewServer(http.HandlerFunc(func(out http.ResponseWriter, _ *http.Request) {
		tries++
		out.Header().Set("Location", "/elsewhere")
		out.WriteHeader(http.StatusTemporaryRedirect)
	}))
	c := newWorkspace(t).client()
	err := c.Respond(t.Context(), server.URL+"/secret", slack.Response{Text: "hi"})
	if err == nil || strings.Contains(err.Error(), "secret") || tries != 1 {
		t.Errorf("%d tries, error %v", tries, err)
	}
	server.Close()
	if err := c.Respond(t.Context(), server.URL+"/secret", slack.Response{Text: "hi"}); err == nil || strings.Contains(err.Error(), "secret") {
		t.Errorf("error %v", err)
	}
}
