package slackapi_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/slack-go/slack"
	"go.uber.org/goleak"

	"muster/internal/incident"
	"muster/internal/outbox"
	"muster/internal/policy"
	"muster/internal/slackapi"
)

const (
	token = "xoxb-1234567890-secret"
	botU  = "U0MUSTER"
	botB  = "B0MUSTER"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

type object = map[string]any

// method answers one Web API method.
type method func(form url.Values) object

// workspace is a Slack of just the methods that a test gives it.
type workspace struct {
	t       *testing.T
	server  *httptest.Server
	methods map[string]method

	mu    sync.Mutex
	calls []call
	raw   http.HandlerFunc // if set, answers the next call instead
}

type call struct {
	method string
	form   url.Values
}

func newWorkspace(t *testing.T) *workspace {
	w := &workspace{t: t, methods: map[string]method{
		"auth.test": func(url.Values) object {
			return object{"ok": true, "team_id": "T0", "team": "Acme", "user_id": botU, "bot_id": botB}
		},
	}}
	w.server = httptest.NewServer(w)
	t.Cleanup(w.server.Close)
	return w
}

func (w *workspace) ServeHTTP(out http.ResponseWriter, in *http.Request) {
	name := strings.TrimPrefix(in.URL.Path, "/api/")
	_ = in.ParseForm() // a JSON body leaves it empty
	w.mu.Lock()
	defer w.mu.Unlock()
	w.calls = append(w.calls, call{name, in.PostForm})
	if raw := w.raw; raw != nil && name != "auth.test" {
		w.raw = nil
		raw(out, in)
		return
	}
	answer := object{"ok": false, "error": "unknown_method"}
	if do, ok := w.methods[name]; ok {
		answer = do(in.PostForm)
	}
	out.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(out).Encode(answer)
}

// meanwhile does something to the workspace between calls.
func (w *workspace) meanwhile(do func()) {
	w.mu.Lock()
	defer w.mu.Unlock()
	do()
}

// next lets the next call, but for auth.test, be answered by hand.
func (w *workspace) next(h http.HandlerFunc) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.raw = h
}

// client is a new client of the workspace.
func (w *workspace) client() *slackapi.Client {
	c := slackapi.New(slackapi.Options{Token: token, APIURL: w.server.URL + "/api/", Renderer: words{}})
	w.t.Cleanup(c.Close)
	return c
}

// forms is what one method was called with.
func (w *workspace) forms(name string) []url.Values {
	w.mu.Lock()
	defer w.mu.Unlock()
	var forms []url.Values
	for _, c := range w.calls {
		if c.method == name {
			forms = append(forms, c.form)
		}
	}
	return forms
}

func refuse(code string) method {
	return func(url.Values) object { return object{"ok": false, "error": code} }
}

// words renders the least.
type words struct{}

func (words) Message(n incident.Notice, i incident.Incident) (string, []slack.Block, error) {
	if n.Template == "broken" {
		return "", nil, fmt.Errorf("no field %q", "Titel")
	}
	text := i.Title + " " + string(n.Template)
	return text, []slack.Block{slack.NewSectionBlock(slack.NewTextBlockObject(slack.MarkdownType, text, false, false), nil, nil)}, nil
}

func (words) Topic(i incident.Incident) string { return i.Title }

var declared = time.Unix(1_700_000_000, 0)

// subject is an incident with a channel.
func subject() incident.Incident {
	return incident.Incident{
		Number: 7, Version: 1, Title: "Payments down", Severity: policy.P1, Status: incident.Investigating,
		Declared: incident.Stamp{By: "U0ANA", At: declared}, Channel: "C0INC",
		Card: incident.Message{Channel: "C0INC", TS: "1.1"}, Announced: incident.Message{Channel: "C0ANN", TS: "2.2"},
	}
}

// delivery is one of an act, to the incident's channel.
func delivery(act incident.Op) outbox.Delivery {
	return outbox.Delivery{
		Notice:   incident.Notice{Key: "INC-7.1.0", Number: 7, Op: act, Template: incident.TemplateAlert, At: declared},
		Incident: subject(),
		To:       incident.Destination{Channel: "C0INC"},
	}
}
