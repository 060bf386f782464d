package handlers

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/slack-go/slack"
	"github.com/slack-go/slack/socketmode"
	"go.uber.org/zap/zaptest"

	"muster/internal/config"
	"muster/internal/digest"
	"muster/internal/incident"
	"muster/internal/incident/incidenttest"
	"muster/internal/policy"
	"muster/internal/slackid"
	"muster/templates"
)

// process holds the policy that the tests work with: the default one, with people.
var process = func() policy.Policy {
	p := config.Default().Policy
	for i, r := range p.Roles {
		p.Roles[i].Holder = policy.NewPeople([]slackid.User{slackid.User("U0" + strings.ToUpper(string(r.Role)))}, nil)
	}
	return p
}()

// incidents stands in for a service with one incident, that fails as the test says.
type incidents struct {
	inc   incident.Incident
	err   error
	panic bool
	seen  incident.Request
	wrote []incident.Entry
}

// slowSearch returns INC-9, that is open beside it.
func slowSearch() incident.Incident {
	o := incident.Origin{ID: "o9", By: incidenttest.Ben, At: incidenttest.Start, Policy: process}
	change, err := incident.Incident{Number: 9}.Declare(o, incident.Declaration{Title: "Search is slow", Severity: policy.P1})
	if err != nil {
		panic(err)
	}
	return change.After
}

func (s *incidents) Do(_ context.Context, r incident.Request, step incident.Transition) (incident.Result, error) {
	s.seen = r
	if s.panic {
		panic("a bug")
	}
	if s.err != nil {
		return incident.Result{}, s.err
	}
	inc := s.inc
	if replaced(r.Ref, inc) {
		return incident.Result{}, incident.Reject("replaced", incident.Args{"number": inc.Number})
	}
	if r.Ref == (incident.Ref{}) {
		inc = incident.Incident{Number: incidenttest.Number}
	}
	change, err := step(inc, incident.Origin{ID: "o1", By: r.By, At: incidenttest.Start.Add(time.Hour), Policy: process})
	s.wrote = change.Entries
	return incident.Result{Incident: change.After, Entries: change.Entries}, err
}

func (s *incidents) DoBoth(ctx context.Context, r incident.Request, other func(incident.Incident) incident.Ref, step incident.Joint) (incident.Result, error) {
	return s.Do(ctx, r, func(inc incident.Incident, o incident.Origin) (incident.Change, error) {
		another, ref := slowSearch(), other(inc)
		switch ref.Number {
		case 0:
			another = incident.Incident{}
		case inc.Number:
			another = inc
		}
		if replaced(ref, another) {
			return incident.Change{}, incident.Reject("replaced", incident.Args{"number": another.Number})
		}
		changes, err := step(inc, another, o)
		if err != nil {
			return incident.Change{}, err
		}
		return changes[0], nil
	})
}

func (s *incidents) Get(_ context.Context, _ slackid.User, _ slackid.Channel, ref incident.Ref, _ ...incident.PartKind) (incident.Incident, error) {
	if s.err == nil && s.inc.Version == 0 {
		return s.inc, incident.Reject("no_incident_here", nil)
	}
	if replaced(ref, s.inc) {
		return s.inc, incident.Reject("replaced", incident.Args{"number": s.inc.Number})
	}
	return s.inc, s.err
}

// replaced reports whether a ref means another incident with the same number.
func replaced(ref incident.Ref, inc incident.Incident) bool {
	return ref.ID != "" && ref.ID != inc.ID
}

func (s *incidents) List(context.Context, slackid.User, slackid.Channel) ([]incident.Summary, error) {
	if s.inc.Version == 0 {
		return nil, s.err
	}
	return []incident.Summary{s.inc.Summary(process, incidenttest.Start), slowSearch().Summary(process, incidenttest.Start)}, s.err
}

// digests has a digest of nothing, since an hour before.
type digests struct{}

func (digests) Latest(context.Context) (digest.Digest, error) {
	return digest.Digest{Period: digest.Period{Since: incidenttest.Start}, Now: incidenttest.Start.Add(time.Hour)}, nil
}

// fakeSlack notes what a request says to Slack.
type fakeSlack struct {
	opened []slack.ModalViewRequest
	said   []string
	zone   *time.Location
	err    error

	account policy.Account // everybody's
	unknown error          // of the account
}

func (f *fakeSlack) OpenView(_ context.Context, _ string, v slack.ModalViewRequest) error {
	f.opened = append(f.opened, v)
	return f.err
}

func (f *fakeSlack) Account(context.Context, slackid.User) (policy.Account, error) {
	if f.account == "" {
		return policy.Member, f.unknown
	}
	return f.account, f.unknown
}

func (f *fakeSlack) Respond(_ context.Context, _, text string, _ []slack.Block) error {
	f.said = append(f.said, text)
	return nil
}

func (f *fakeSlack) Zone(context.Context, slackid.User) (*time.Location, error) {
	return f.zone, f.err
}

func router(t testing.TB, s *incidents, f *fakeSlack) *Router {
	t.Helper()
	words, err := templates.New(process, func() time.Time { return incidenttest.Start.Add(time.Hour) })
	if err != nil {
		t.Fatal(err)
	}
	return New(Options{Incidents: s, Digests: digests{}, Slack: f, Templates: words, Policy: process, Team: own, Self: "U0MUSTER", Log: zaptest.NewLogger(t)})
}

// own is Muster's workspace.
const own = "T0OWN"

func types(text string) socketmode.Event {
	return socketmode.Event{Data: slack.SlashCommand{TeamID: own, Command: "/incident", Text: text, UserID: "U0ANA", ChannelID: "C0X", TriggerID: "1.2"}}
}

func presses(action, value string) socketmode.Event {
	return acts(slack.BlockAction{ActionID: action, Value: value})
}

func chooses(option string) socketmode.Event {
	return acts(slack.BlockAction{ActionID: templates.ActionMenu, SelectedOption: slack.OptionBlockObject{Value: option}})
}

func acts(act slack.BlockAction) socketmode.Event {
	return socketmode.Event{Data: slack.InteractionCallback{
		Type: slack.InteractionTypeBlockActions, TriggerID: "1.3", Team: slack.Team{ID: own}, User: slack.User{ID: "U0ANA"},
		ActionCallback: slack.ActionCallbacks{BlockActions: []*slack.BlockAction{&act}},
	}}
}

func takesShortcut(callback string) socketmode.Event {
	return socketmode.Event{Data: slack.InteractionCallback{
		Type: slack.InteractionTypeShortcut, CallbackID: callback, TriggerID: "1.4", Team: slack.Team{ID: own}, User: slack.User{ID: "U0ANA"},
	}}
}

func submits(view, meta string, fields map[string]slack.BlockAction) socketmode.Event {
	values := map[string]map[string]slack.BlockAction{}
	var blocks slack.Blocks
	for _, block := range slices.Sorted(maps.Keys(fields)) {
		values[block] = map[string]slack.BlockAction{block: fields[block]}
		blocks.BlockSet = append(blocks.BlockSet, &slack.InputBlock{BlockID: block})
	}
	return socketmode.Event{Data: slack.InteractionCallback{
		Type: slack.InteractionTypeViewSubmission, Team: slack.Team{ID: own}, User: slack.User{ID: "U0ANA"},
		View: slack.View{ID: "V1", CallbackID: view, PrivateMetadata: meta, Blocks: blocks, State: &slack.ViewState{Values: values}},
	}}
}

// answered returns what an acknowledgement says to the person.
func answered(t *testing.T, a Answer) string {
	t.Helper()
	payload, ok := a.Payload.(map[string]any)
	if !ok {
		t.Fatalf("the answer is %#v", a.Payload)
	}
	if payload["response_type"] != "ephemeral" {
		t.Errorf("the answer is for %v", payload["response_type"])
	}
	return fmt.Sprint(payload["text"])
}

func wrote(text string) slack.BlockAction { return slack.BlockAction{Value: text} }

func chose(value string) slack.BlockAction {
	return slack.BlockAction{SelectedOption: slack.OptionBlockObject{Value: value}}
}

var ticked = slack.BlockAction{SelectedOptions: []slack.OptionBlockObject{{Value: "yes"}}}
