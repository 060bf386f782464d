package slack_test

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

	slackgo "github.com/slack-go/slack"
	"go.uber.org/goleak"

	"muster/internal/notice"
	"muster/internal/outbox"
	"muster/internal/sender/slack"
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
	t       testing.TB
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

func newWorkspace(t testing.TB) *workspace {
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
func (w *workspace) client() *slack.Client {
	c := slack.New(slack.Options{Token: token, APIURL: w.server.URL + "/api/"})
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

var declared = time.Unix(1_700_000_000, 0)

// card is the message that deliveries edit and pin.
var card = notice.Message{Channel: "C0INC", TS: "1.1"}

// delivery returns one of an op, to an incident's channel.
func delivery(op notice.Op) outbox.Delivery {
	return outbox.Delivery{
		Key: "INC-7.1.0", Incident: "7th", At: declared, Op: op, To: outbox.Destination{Channel: "C0INC"},
		Message: card, Content: content("Payments down"), Topic: "Payments down",
		Channel: outbox.NewChannel{Names: names("inc-7-payments-down"), Since: declared},
	}
}

// content returns a text, the same as a block.
func content(text string) outbox.Content {
	return outbox.Content{Text: text, Blocks: []slackgo.Block{
		slackgo.NewSectionBlock(slackgo.NewTextBlockObject(slackgo.MarkdownType, text, false, false), nil, nil),
	}}
}

// names returns a name and nine more for when it is taken.
func names(first string) []string {
	all := []string{first}
	for n := 2; n <= 10; n++ {
		all = append(all, fmt.Sprintf("%s-%d", first, n))
	}
	return all
}
