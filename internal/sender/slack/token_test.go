package slack_test

import (
	"net/http"
	"net/http/httptest"
	"testing"

	slackgo "github.com/slack-go/slack"

	"muster/internal/notice"
	"muster/internal/sender/slack"
)

// Whatever Muster calls, it learns from the answer whether the token is accepted.
func TestRefused_EachCall_TellsOfTheToken(t *testing.T) {
	answer := ""
	far := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte(answer)) }))
	defer far.Close()
	c := slack.New(slack.Options{Token: token, APIURL: far.URL + "/"})
	defer c.Close()
	for name, call := range map[string]func(){
		"a delivery": func() { _, _ = c.Send(t.Context(), delivery(notice.OpPost)) },
		"a form":     func() { _ = c.OpenView(t.Context(), "1", slackgo.ModalViewRequest{}) },
		"a check":    func() { c.Check(t.Context()) },
	} {
		answer = `{"ok":false,"error":"token_revoked"}`
		if call(); c.Refused() != "token_revoked" {
			t.Errorf("%s: not known to be refused: %q", name, c.Refused())
		}
		answer = `{"ok":false,"error":"ratelimited"}`
		if call(); c.Refused() != "token_revoked" {
			t.Errorf("%s: a limit is taken for an accepted token", name)
		}
		answer = `{"ok":true,"user_id":"U1","channel":"C1","ts":"1.1"}`
		if call(); c.Refused() != "" {
			t.Errorf("%s: accepted, and still %q", name, c.Refused())
		}
	}
}
