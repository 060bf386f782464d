package rehearsal_test

import (
	"cmp"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"muster/deploy"
	"muster/internal/rehearsal"
)

// fake is a workspace in which what Muster does is written in the test, so that
// it can do what is wrong. The incident's channel is CINC.
type fake struct {
	mu       sync.Mutex
	now      time.Time
	scripted []scriptedMessage
	late     []scriptedMessage // come when they are waited for
	patience time.Duration
	config   string               // the configuration, where it is not the sample
	answers  map[string][]message // to commands
	channels []map[string]any
	messages map[string][]message // by channel
}

// scriptedMessage is what Muster does at a moment: it posts a message, or edits the one of its ts.
type scriptedMessage struct {
	at      time.Duration
	channel string
	message
}

type message struct {
	TS      string `json:"ts"`
	User    string `json:"user"` // "" = Muster
	Text    string `json:"text"`
	To      string `json:"ephemeral_to,omitempty"`
	Subtype string `json:"subtype,omitempty"`
	Blocks  []any  `json:"blocks,omitempty"`
}

var start = time.Date(2026, 1, 5, 9, 0, 0, 0, time.UTC)

// channel is a channel of the workspace.
func channel(id, name string, private bool, members ...string) map[string]any {
	return map[string]any{"id": id, "name": name, "is_private": private, "members": members}
}

// direct is somebody's direct messages with Muster.
func direct(user string) map[string]any {
	return map[string]any{"id": "D" + user, "is_im": true, "user": user, "members": []string{user, "UBOT"}}
}

// newFake has #general and, where inc is not nil, the incident's channel.
func newFake(inc map[string]any) *fake {
	f := &fake{now: start, messages: map[string][]message{}, channels: []map[string]any{channel("CGEN", "general", false, "U0ONCALL01", "U0SUPPRT01")}}
	f.channels = append(f.channels, channel("C0INCIDEN1", "incidents", false), direct("U0ONCALL01"), direct("U0SUPPRT01"))
	if inc != nil {
		inc["creator"] = "UBOT"
		f.channels = append(f.channels, inc)
	}
	return f
}

func (f *fake) state() any {
	user := func(id, name, real string) map[string]string {
		return map[string]string{"id": id, "name": name, "real_name": real}
	}
	return map[string]any{
		"now": f.now, "sockets": 1, "bot": map[string]string{"user_id": "UBOT"}, "channels": f.channels,
		"users": []any{
			user("U0ONCALL01", "oncall", "Ada Park"), user("U0SENIOR01", "senior", "Sam Okafor"),
			user("U0TECHLD01", "techlead", "Lena Ruiz"), user("U0SUPPRT01", "support", "Jonas Wolf"),
		},
		"usergroups": []any{
			map[string]any{"id": "S0ONCALL01", "handle": "oncall-l1", "users": []string{"U0ONCALL01"}},
			map[string]any{"id": "S0LEADS002", "handle": "leads-l2", "users": []string{"U0SENIOR01", "U0TECHLD01"}},
		},
	}
}

// put posts a message, or edits the one of the same ts.
func (f *fake) put(room string, m message) {
	m.User = cmp.Or(m.User, "UBOT")
	if i := slices.IndexFunc(f.messages[room], func(o message) bool { return o.TS == m.TS }); m.TS != "" && i >= 0 {
		f.messages[room][i] = m
		return
	}
	if m.TS == "" {
		m.TS = fmt.Sprintf("%d.%06d", f.now.Unix(), len(f.messages[room]))
	}
	f.messages[room] = append(f.messages[room], m)
}

func (f *fake) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	f.mu.Lock()
	defer f.mu.Unlock()
	var in struct{ Advance, User, Channel, Text string }
	_ = json.NewDecoder(r.Body).Decode(&in) // a GET has no body
	var out any = map[string]any{"ok": true}
	switch strings.TrimPrefix(r.URL.Path, "/sandbox/v1/") {
	case "state":
		out = f.state()
	case "messages":
		out = map[string]any{"messages": f.messages[r.URL.Query().Get("channel")]}
	case "clock":
		d, _ := time.ParseDuration(in.Advance) // Play's own
		f.now = f.now.Add(d)
		for len(f.scripted) > 0 && !f.now.Before(start.Add(f.scripted[0].at)) {
			f.put(f.scripted[0].channel, f.scripted[0].message)
			f.scripted = f.scripted[1:]
		}
	case "command": // typed in #general, in these tests
		for _, m := range f.answers[in.Text] {
			m.To = in.User
			f.put("CGEN", m)
		}
	case "wait":
		d, _ := time.ParseDuration(r.URL.Query().Get("timeout")) // Play's own
		if len(f.late) == 0 {
			select { // nothing changes until then
			case <-time.After(d):
			case <-r.Context().Done():
			}
		}
		for _, c := range f.late {
			f.put(c.channel, c.message)
		}
		f.late = nil
	}
	_ = json.NewEncoder(w).Encode(out) // the test sees what is missing
}

// run plays steps there. It gives the lines of what was expected, each without
// its time and place, and those below a failure.
func (f *fake) run(t *testing.T, steps string) (lines []string, report rehearsal.Report) {
	t.Helper()
	own := processOf(t, cmp.Or(f.config, string(deploy.SandboxConfig)))
	s, err := rehearsal.Parse("s.yaml", []byte("title: A\nseverity: P0\nsteps:\n"+steps), rehearsal.Known{
		Handles: []string{"oncall", "senior", "techlead", "support"}, Policy: own,
	})
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(f)
	defer server.Close()
	var out strings.Builder
	report, err = s.Run(t.Context(), rehearsal.Options{URL: server.URL, Policy: own, Out: &out, Patience: cmp.Or(f.patience, 10*time.Millisecond)})
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.SplitSeq(strings.TrimSpace(out.String()), "\n") {
		if _, what, found := strings.Cut(line, "  "); found && !strings.HasPrefix(what, "Ada") && !strings.HasPrefix(what, "Jonas") {
			what, _, _ = strings.Cut(what, " (s.yaml:")
			lines = append(lines, strings.TrimSpace(what))
		}
	}
	return lines, report
}
