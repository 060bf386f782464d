package templates_test

import (
	"context"
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/slack-go/slack"
	"github.com/slack-go/slack/socketmode"
	"go.uber.org/zap"

	"muster/handlers"
	"muster/internal/incident"
	"muster/internal/policy"
	"muster/internal/slackid"
	"muster/templates"
)

// door is the service and Slack behind a router: it holds one incident, and
// notes which one a command meant and what came of it.
type door struct {
	policy policy.Policy
	i      incident.Incident
	meant  incident.Ref
	forms  []string // callback_ids of the forms opened; "" = one that only says something
	kinds  []incident.EntryKind
}

func (d *door) Do(_ context.Context, r incident.Request, step incident.Transition) (incident.Result, error) {
	i, err := d.Get(context.Background(), r.By, r.From, r.Ref)
	if err != nil {
		return incident.Result{}, err
	}
	change, err := step(i, incident.Origin{By: r.By, At: t0.Add(time.Hour), Policy: d.policy})
	for _, e := range change.Entries {
		d.kinds = append(d.kinds, e.Kind)
	}
	return incident.Result{Incident: change.After, Entries: change.Entries}, err
}

func (d *door) Get(_ context.Context, _ slackid.User, _ slackid.Channel, ref incident.Ref) (incident.Incident, error) {
	d.meant = ref
	if ref.Number == 0 && ref.Channel != home {
		return incident.Incident{}, incident.Rejectf("no_incident_here", "Not here.")
	}
	return d.i, nil
}

func (d *door) List(context.Context, slackid.User, slackid.Channel) ([]incident.Incident, error) {
	return []incident.Incident{d.i}, nil
}

func (d *door) OpenView(_ context.Context, _ string, v slack.ModalViewRequest) error {
	d.forms = append(d.forms, v.CallbackID)
	return nil
}

func (d *door) Respond(context.Context, string, string, []slack.Block) error { return nil }

// typed types a command in a channel, and returns the answer.
func (d *door) typed(t testing.TB, s *story, channel slackid.Channel, command string) string {
	t.Helper()
	d.meant, d.forms, d.kinds = incident.Ref{}, nil, nil
	r := handlers.New(handlers.Options{
		Incidents: d, Slack: d, Templates: s.templates(), Policy: s.policy, Self: "U0MUSTER", Log: zap.NewNop(),
	})
	text := strings.TrimPrefix(command, "/incident")
	a := r.Route(t.Context(), socketmode.Event{Data: slack.SlashCommand{
		Command: "/incident", Text: text, UserID: string(ana), ChannelID: string(channel), TriggerID: "1.2",
	}})
	payload, _ := a.Payload.(map[string]any)
	said, _ := payload["text"].(string)
	return said
}

var printed = regexp.MustCompile("`(/incident[^`]*)`")

// commands is every command that an output prints, each once.
func commands(t testing.TB, v any) []string {
	t.Helper()
	raw, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	var all []string
	for _, m := range printed.FindAllStringSubmatch(string(raw), -1) {
		if !slices.Contains(all, m[1]) {
			all = append(all, m[1])
		}
	}
	return all
}

// works is what each printed command does when it is typed as it was printed:
// the form that it opens, or the entry that it writes. "" = it shows something.
var works = map[string]string{
	"ack": string(incident.EntryAcknowledged), "close": string(incident.EntryClosed), "update": templates.ViewUpdate,
	"resolve": templates.ViewResolve, "reopen": templates.ViewReopen, "status": "", "list": "", "help": "",
}

// check types a printed command where it was printed, about an incident i.
func check(t testing.TB, s *story, i incident.Incident, channel slackid.Channel, command string) {
	t.Helper()
	d := &door{policy: s.policy, i: i}
	verb, number, _ := strings.Cut(strings.TrimPrefix(command, "/incident "), " ")
	does, known := works[verb]
	if !known {
		t.Errorf("%q is printed, and the test does not know what it should do", command)
		return
	}
	answer := d.typed(t, s, channel, command)
	want := incident.Ref{Channel: channel}
	if number != "" {
		want = incident.Ref{Number: 7}
	}
	if meant := d.meant; verb != "list" && verb != "help" && meant.Number != want.Number {
		t.Errorf("%q, typed in %s, means %+v, want %+v", command, channel, meant, want)
	}
	switch done := append(d.forms, fmt.Sprint(d.kinds)); {
	case does != "" && !strings.Contains(strings.Join(done, " "), does):
		t.Errorf("%q, typed in %s, does %q, want %q; it answers %q", command, channel, done, does, answer)
	case does == "" && (answer == "" || strings.Contains(answer, "isn't")) && verb != "help":
		t.Errorf("%q, typed in %s, answers %q", command, channel, answer)
	}
}

// stages are the story's states that print different commands.
func stages(t testing.TB) map[string]*story {
	t.Helper()
	return map[string]*story{
		"new":          declared(t, policy.P1).settled(),
		"acknowledged": atWork(t),
		"no channel":   declared(t, policy.P1).fails(incident.OpOpen, "restricted_action"),
		"private":      private(t).settled(),
		"resolved":     atWork(t).resolved(fixed),
	}
}

// TestPrintedCommands_TypedAsPrinted_Work: what a message prints works exactly so
// in the channel or direct message in which it is read.
func TestPrintedCommands_TypedAsPrinted_Work(t *testing.T) {
	seen := map[string]bool{}
	for name, s := range stages(t) {
		t.Run(name, func(t *testing.T) {
			fit := map[string]incident.Incident{ // which the command's verb suits: everything renders what no incident shows
				"ack": declared(t, policy.P1).settled().i, "close": atWork(t).resolved(fixed).i,
				"reopen": atWork(t).resolved(fixed).i, "update": atWork(t).i, "resolve": atWork(t).i,
			}
			e := anything(s.now, func(string) string { return "x" })
			for what, v := range everything(t, s, e, "x", targets...) {
				channel := slackid.Channel("C0ELSEWHERE")
				if strings.HasSuffix(what, " 0") && s.i.Channel != "" { // posted in its channel
					channel = home
				}
				if what == "help" { // its words are the test's
					continue
				}
				for _, c := range commands(t, v) {
					seen[c] = true
					i := s.i
					if suits, ok := fit[strings.Fields(c)[1]]; ok {
						i = suits
					}
					check(t, s, i, channel, c)
				}
			}
		})
	}
	for _, c := range []string{"/incident ack", "/incident ack INC-7", "/incident update INC-7", "/incident reopen", "/incident close", "/incident help"} {
		if !seen[c] {
			t.Errorf("%q was never printed: the test looks in the wrong place", c)
		}
	}
}

// TestRefusals_TypedAsPrinted_Work: a refusal prints the command that is right.
func TestRefusals_TypedAsPrinted_Work(t *testing.T) {
	all := stages(t)
	all["closed"] = atWork(t).resolved(fixed).by(ana, incident.Incident.Close)
	all["cancelled"] = atWork(t).cancelled("a test")
	refused := 0
	for name, s := range all {
		for _, verb := range []string{
			"ack", "update %s news", "update %s identified news", "severity %s P0", "assign %s me",
			"escalate %s why", "snooze %s 30m", "snooze %s soon", "resolve %s done", "reopen %s why", "cancel %s why", "close %s", "retry %s",
		} {
			typed := verb
			if strings.Contains(verb, "%s") {
				typed = fmt.Sprintf(verb, "INC-7")
			}
			if verb == "ack" {
				typed = "ack INC-7"
			}
			d := &door{policy: s.policy, i: s.i}
			for _, c := range commands(t, d.typed(t, s, "C0ELSEWHERE", "/incident "+typed)) {
				refused++
				t.Run(name+" "+typed, func(t *testing.T) { check(t, s, s.i, "C0ELSEWHERE", c) })
			}
		}
	}
	if refused == 0 {
		t.Error("no refusal prints a command")
	}
}

// TestNoIncidentHere_RepeatsWhatWasTyped: outside an incident's channel, the
// refusal prints the command again with a number, and that works.
func TestNoIncidentHere_RepeatsWhatWasTyped(t *testing.T) {
	for typed, want := range map[string]string{
		"/incident ack":                    "/incident ack INC-1",
		"/incident acknowledge on it":      "/incident acknowledge INC-1 on it",
		"/incident update rolling  back":   "/incident update INC-1 rolling back",
		"/incident update `now`\nthen":     "/incident update INC-1 'now' then",
		"/incident reopen 7":               "/incident reopen INC-7",
		"/incident reopen 7 it is back":    "/incident reopen INC-7 it is back",
		"/incident severity P0":            "/incident severity INC-1 P0",
		"/incident snooze 1h":              "/incident snooze INC-1 1h",
		"/incident resolve it's fixed":     "/incident resolve INC-1 it's fixed",
		"/incident update resolved rolled": "/incident resolve rolled",
	} {
		t.Run(typed, func(t *testing.T) {
			s := atWork(t)
			d := &door{policy: s.policy, i: s.i}
			got := commands(t, d.typed(t, s, "C0ELSEWHERE", typed))
			if len(got) == 0 || got[0] != want {
				t.Fatalf("printed %q, want %q first", got, want)
			}
			if n := number.FindString(want); n != "" {
				if d.typed(t, s, "C0ELSEWHERE", got[0]); d.meant.Number.String() != n {
					t.Errorf("%q means %+v, want %s", got[0], d.meant, n)
				}
			}
		})
	}
}

var number = regexp.MustCompile(`INC-[0-9]+`)

// TestHelp_EveryUsage_IsACommand: each line of the help begins with a command.
func TestHelp_EveryUsage_IsACommand(t *testing.T) {
	s := atWork(t)
	d := &door{policy: s.policy, i: s.i}
	all := commands(t, d.typed(t, s, home, "/incident help"))
	if len(all) < 15 {
		t.Fatalf("the help prints only %q", all)
	}
	for _, usage := range all {
		command, _, _ := strings.Cut(usage, " [")
		if answer := d.typed(t, s, home, command); strings.Contains(answer, "isn't a command") {
			t.Errorf("%q: %q", command, answer)
		}
	}
}
