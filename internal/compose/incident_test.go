package compose_test

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"reflect"
	"strings"
	"testing"

	"github.com/slack-go/slack"

	"muster/internal/compose"
	"muster/internal/incident"
	"muster/internal/incident/incidenttest"
	"muster/internal/notice"
	"muster/internal/outbox"
	"muster/internal/policy"
	"muster/internal/slackid"
	"muster/templates"
)

const (
	channel  slackid.Channel = "C0INCIDENT"
	outsider slackid.User    = "U0OUTSIDER"
)

// incidents answers with one scenario's incident, and beside its head with just
// what is wanted, as a store does.
type incidents struct {
	*incidenttest.Scenario
	down error
	dead map[string]string // key of a dead letter to its reason
}

func (i *incidents) Read(_ context.Context, n incident.Number, want incident.Want) (incident.Incident, error) {
	switch {
	case i.down != nil:
		return incident.Incident{}, i.down
	case n != i.Incident.Number:
		return incident.Incident{}, incident.ErrNotFound
	}
	inc, all := i.Incident, i.Incident.Loaded
	inc.Loaded = incident.Loaded{Parts: map[incident.PartKind][]incident.Part{}, Entries: map[int]incident.Entry{}}
	for _, kind := range want.Parts {
		inc.Loaded.Parts[kind] = all.Parts[kind]
	}
	seqs := want.Entries
	if want.Texts {
		seqs = append(inc.Cited(), seqs...)
	}
	for _, seq := range seqs {
		inc.Loaded.Entries[seq] = all.Entries[seq]
	}
	return inc, nil
}

func (i *incidents) Delivered(_ context.Context, _ incident.Number, l notice.Lease, r notice.Receipt) error {
	return i.By(slackid.Muster, func(inc incident.Incident, o incident.Origin) (incident.Change, error) {
		return inc.Delivered(o, l.Notice, r)
	})
}

func (i *incidents) Failed(_ context.Context, _ incident.Number, l notice.Lease, f notice.Failure) error {
	i.dead[l.Notice.Key] = f.Reason
	return i.By(slackid.Muster, func(inc incident.Incident, o incident.Origin) (incident.Change, error) {
		return inc.Failed(o, l.Notice, f.Reason)
	})
}

var _ compose.Renderer = (*templates.Templates)(nil)

// words renders the least: everything that a reader could learn.
type words struct{}

func (words) Message(n notice.Notice, inc incident.Incident, a incident.Audience) (string, []slack.Block, error) {
	if n.Template == "broken" {
		return "", nil, fmt.Errorf("no field %q", "Titel")
	}
	text := fmt.Sprintf("%s: %s, %s, entry %v", n.Template, inc.Title, inc.Impact(), inc.Loaded.Entries[n.Entry].Facts)
	if n.Template == incident.TemplateCard {
		letters, err := inc.DeadLetters()
		if err != nil {
			return "", nil, err
		}
		text += fmt.Sprintf(", %d not delivered", len(letters))
	}
	if a.Outsider {
		text += ", for an outsider"
	}
	return text, []slack.Block{slack.NewDividerBlock()}, nil
}

func (words) Topic(inc incident.Incident) string { return inc.Title }

// declared returns an incident that Ana has just declared, and its composer.
func declared(t *testing.T, private bool) (*incidents, *compose.Incident) {
	i := &incidents{dead: map[string]string{}, Scenario: incidenttest.New(t).Declare(incident.Declaration{
		Title: "Payments down", Impact: "nobody can pay", Severity: policy.P1, Private: private,
	})}
	return i, &compose.Incident{Incidents: i, Renderer: words{}}
}

// opened returns one with its channel, card and announcement.
func opened(t *testing.T, private bool) (*incidents, *compose.Incident) {
	i, c := declared(t, private)
	i.Incident.Channel = channel
	i.Incident.Card = notice.Message{Channel: channel, TS: "1.1"}
	i.Incident.Announced = notice.Message{Channel: incidenttest.Announcement, TS: "2.2"}
	return i, c
}

// about returns a notice of the scenario's incident.
func about(op notice.Op, template notice.Template, to notice.Address) notice.Notice {
	to.Medium = notice.Slack
	return notice.Notice{
		Key: "INC-7.1.0", Subject: incidenttest.Number.Subject(), Op: op, Template: template, To: to, Entry: 1, At: incidenttest.Start,
	}
}

var inChannel = notice.Address{InChannel: true}

func wantRefused(t *testing.T, err error, reason string) {
	t.Helper()
	refused, ok := errors.AsType[*outbox.Refused](err)
	if !ok || refused.Reason != reason {
		t.Errorf("got %v, want it refused because %q", err, reason)
	}
}

// TestCompose_EachNoticeOfADeclaration_GetsItSetUp delivers what declaring queues,
// and what follows from that, until nothing does.
func TestCompose_EachNoticeOfADeclaration_GetsItSetUp(t *testing.T) {
	for _, private := range []bool{false, true} {
		i, c := declared(t, private)
		for queue := i.Notices; len(queue) > 0; {
			n := queue[0]
			queue = queue[1:]
			d, err := c.Compose(t.Context(), n)
			if errors.Is(err, outbox.ErrObsolete) {
				continue
			}
			if err != nil {
				t.Fatalf("%s %s: %v", n.Op, n.Template, err)
			}
			r := notice.Receipt{Message: notice.Message{Channel: d.To.Channel, TS: "1700000000.000100"}}
			if n.Op == notice.OpOpen {
				r = notice.Receipt{Message: notice.Message{Channel: channel}, Name: d.Channel.Names[0]}
			}
			i.Notices = nil
			if err := c.Delivered(t.Context(), notice.Lease{Notice: n}, r); err != nil && !errors.Is(err, outbox.ErrNoChange) {
				t.Fatalf("record %s %s: %v", n.Op, n.Template, err)
			}
			queue = append(queue, i.Notices...)
		}
		inc := i.Incident
		if inc.Channel != channel || inc.Card.TS == "" || (inc.Announced.TS == "") != private {
			t.Errorf("channel %q, card %q, announcement %q", inc.Channel, inc.Card.TS, inc.Announced.TS)
		}
		for step, outcome := range inc.Steps {
			if outcome.State != incident.StepDone {
				t.Errorf("step %s is %s (%s)", step, outcome.State, outcome.Reason)
			}
		}
	}
}

func TestCompose_EachOp_SaysAllThatIsToBeDone(t *testing.T) {
	people := policy.NewPeople([]slackid.User{incidenttest.Ben}, []slackid.Group{"S0L1"})
	here := outbox.Destination{Channel: channel}
	announced := notice.Address{Channel: incidenttest.Announcement}
	blocks := []slack.Block{slack.NewDividerBlock()}
	content := func(what string) outbox.Content {
		facts := map[string]string{"impact": "nobody can pay", "severity": "P1", "title": "Payments down"}
		return outbox.Content{Text: fmt.Sprintf("%s: Payments down, nobody can pay, entry %v", what, facts), Blocks: blocks}
	}
	card := content("card")
	card.Text += ", 1 not delivered"
	for name, c := range map[string]struct {
		n    notice.Notice
		want outbox.Delivery
	}{
		"topic":     {about(notice.OpTopic, "", inChannel), outbox.Delivery{To: here, Topic: "Payments down"}},
		"invite":    {about(notice.OpInvite, "", notice.Address{InChannel: true, People: people}), outbox.Delivery{To: here, People: people}},
		"unarchive": {about(notice.OpUnarchive, "", inChannel), outbox.Delivery{To: here}},
		"expand":    {about(notice.OpExpand, incident.TemplateAlert, notice.Address{People: people}), outbox.Delivery{To: here, People: people}},
		"pin":       {about(notice.OpPin, "", inChannel), outbox.Delivery{To: here, Message: notice.Message{Channel: channel, TS: "1.1"}}},
		"post":      {about(notice.OpPost, incident.TemplateAlert, inChannel), outbox.Delivery{To: here, Content: content("alert")}},
		"direct": {
			about(notice.OpPost, incident.TemplateAlert, notice.Address{User: incidenttest.Ben}),
			outbox.Delivery{To: outbox.Destination{User: incidenttest.Ben}, Content: content("alert")},
		},
		"card": {
			about(notice.OpEdit, incident.TemplateCard, inChannel),
			outbox.Delivery{To: here, Message: notice.Message{Channel: channel, TS: "1.1"}, Content: card},
		},
		"announcement": {
			about(notice.OpEdit, incident.TemplateAnnouncement, announced),
			outbox.Delivery{
				To:      outbox.Destination{Channel: incidenttest.Announcement},
				Message: notice.Message{Channel: incidenttest.Announcement, TS: "2.2"}, Content: content("announcement"),
			},
		},
	} {
		i, composer := opened(t, false)
		lost := notice.Lease{Notice: about(notice.OpPost, incident.TemplateUpdate, inChannel)}
		if err := composer.Failed(t.Context(), lost, notice.Failure{Reason: "archived"}); err != nil || len(i.dead) != 1 {
			t.Fatalf("record a failure: %v, %v", err, i.dead)
		}
		got, err := composer.Compose(t.Context(), c.n)
		c.want.Incident = i.Incident.ID
		if err != nil || c.want.Incident == "" || !reflect.DeepEqual(got, c.want) {
			t.Errorf("%s:\ngot  %+v\nwant %+v\n(%v)", name, got, c.want, err)
		}
	}
}

// While its channel is archived, an open incident's messages go to whoever
// declared it, and the channel takes nothing but the way back.
func TestCompose_ArchivedChannel_TakesNothingButItsReturn(t *testing.T) {
	i, c := opened(t, false)
	i.Incident.Archive.Done = i.Now
	d, err := c.Compose(t.Context(), about(notice.OpUnarchive, "", inChannel))
	if want := (outbox.Destination{Channel: channel}); err != nil || d.To != want {
		t.Errorf("the way back goes to %+v, %v", d.To, err)
	}
	d, err = c.Compose(t.Context(), about(notice.OpPost, incident.TemplateUpdate, inChannel))
	if want := (outbox.Destination{User: incidenttest.Ana}); err != nil || d.To != want {
		t.Errorf("an update goes to %+v, %v", d.To, err)
	}
	_, err = c.Compose(t.Context(), about(notice.OpInvite, "", inChannel))
	wantRefused(t, err, "the incident's channel is archived")
	if _, err := c.Compose(t.Context(), about(notice.OpTopic, "", inChannel)); !errors.Is(err, outbox.ErrObsolete) {
		t.Errorf("a topic: %v", err)
	}
}

func TestCompose_Open_NamesTheChannelAndSaysHowOldItMayBe(t *testing.T) {
	for private, name := range map[bool]string{false: "inc-7-payments-down", true: "inc-7-private-"} {
		_, c := declared(t, private)
		d, err := c.Compose(t.Context(), about(notice.OpOpen, "", inChannel))
		if err != nil || len(d.Channel.Names) != 5 || !strings.HasPrefix(d.Channel.Names[0], name) || d.Channel.Private != private ||
			!d.Channel.Since.Equal(incidenttest.Start) {
			t.Errorf("%+v, %v", d.Channel, err)
		}
	}
}

func TestCompose_PrivateIncident_IsToldToNobodyElse(t *testing.T) {
	_, c := opened(t, true)
	for _, op := range []notice.Op{notice.OpPost, notice.OpEdit} {
		_, err := c.Compose(t.Context(), about(op, incident.TemplateAnnouncement, notice.Address{Channel: incidenttest.Announcement}))
		wantRefused(t, err, "held back: the incident is private")
	}
	for _, to := range []notice.Address{inChannel, {User: incidenttest.Ana}, {User: outsider}} {
		knows := to.User != outsider
		d, err := c.Compose(t.Context(), about(notice.OpPost, incident.TemplateAlert, to))
		if err != nil {
			t.Fatal(err)
		}
		if want := (outbox.Destination{Channel: channel}); to.InChannel && d.To != want {
			t.Errorf("what was for its own channel goes to %+v", d.To)
		}
		if want := (outbox.Destination{User: to.User}); !to.InChannel && d.To != want {
			t.Errorf("what was for %s goes to %+v", to.User, d.To)
		}
		told := strings.Contains(d.Content.Text, "Payments down") || strings.Contains(d.Content.Text, "nobody can pay")
		if told != knows || strings.Contains(d.Content.Text, "for an outsider") == knows {
			t.Errorf("%+v reads %q", to, d.Content.Text)
		}
	}
}

func TestCompose_NothingTrueToSay_IsObsolete(t *testing.T) {
	i, c := opened(t, false)
	i.Do(func(inc incident.Incident, o incident.Origin) (incident.Change, error) {
		return inc.Resolve(o, incident.Resolution{Summary: "rolled back"})
	})
	if _, err := c.Compose(t.Context(), about(notice.OpPost, incident.TemplateReminder, inChannel)); !errors.Is(err, outbox.ErrObsolete) {
		t.Errorf("a reminder of what is resolved: %v", err)
	}
	if _, err := c.Compose(t.Context(), about(notice.OpPost, incident.TemplateChange, inChannel)); err != nil {
		t.Errorf("news: %v", err)
	}
}

func TestCompose_NoChannel_RefusesWhatNeedsOne(t *testing.T) {
	for _, op := range []notice.Op{notice.OpTopic, notice.OpInvite, notice.OpPin} {
		_, c := declared(t, false)
		_, err := c.Compose(t.Context(), about(op, "", inChannel))
		wantRefused(t, err, "the incident doesn't have a channel")
	}
}

func TestCompose_NoCard_RefusesToPinIt(t *testing.T) {
	i, c := opened(t, false)
	i.Incident.Card = notice.Message{}
	_, err := c.Compose(t.Context(), about(notice.OpPin, "", inChannel))
	wantRefused(t, err, "the card wasn't posted, so there's nothing to pin")
}

func TestCompose_RenderingFails_TellsTheOperatorWhy(t *testing.T) {
	_, c := opened(t, false)
	_, err := c.Compose(t.Context(), about(notice.OpPost, "broken", inChannel))
	wantRefused(t, err, "Muster couldn't render it")
	if err != nil && !strings.Contains(err.Error(), "Titel") {
		t.Errorf("error %v", err)
	}
}

func TestCompose_NoSuchIncident_HasNoSubject(t *testing.T) {
	_, c := opened(t, false)
	for _, s := range []notice.Subject{incident.Number(9).Subject(), {Kind: notice.Incident, ID: "riddle"}, {Kind: notice.Digest, ID: "7"}} {
		n := about(notice.OpPost, incident.TemplateChange, inChannel)
		n.Subject = s
		if _, err := c.Compose(t.Context(), n); !errors.Is(err, outbox.ErrNoSubject) {
			t.Errorf("%s: %v", s, err)
		}
	}
}

func TestCompose_StoreAway_ReadsAgainLaterWithoutADoubt(t *testing.T) {
	i, c := opened(t, false)
	i.down = fmt.Errorf("load: %w", incident.ErrUnavailable)
	_, err := c.Compose(t.Context(), about(notice.OpPost, incident.TemplateChange, inChannel))
	if later, ok := errors.AsType[*outbox.RetryLater](err); !ok || later.Op || later.Operator || later.Reason != "Muster couldn't read its store" {
		t.Errorf("got %v", err)
	}
}

func TestRecord_NothingOfItConcernsTheIncident_IsNoChange(t *testing.T) {
	i, c := opened(t, false)
	before := i.Incident.Version
	l := notice.Lease{Notice: about(notice.OpPost, incident.TemplateChange, inChannel)}
	if err := c.Delivered(t.Context(), l, notice.Receipt{}); !errors.Is(err, outbox.ErrNoChange) {
		t.Errorf("a plain post's receipt: %v", err)
	}
	if i.Incident.Version != before {
		t.Error("it was recorded")
	}
	if err := c.Failed(t.Context(), l, notice.Failure{Reason: "the channel is archived"}); err != nil {
		t.Errorf("a failure: %v", err)
	}
	if want := map[string]string{l.Notice.Key: "the channel is archived"}; !maps.Equal(i.dead, want) {
		t.Errorf("dead letters %v, want %v", i.dead, want)
	}
}
