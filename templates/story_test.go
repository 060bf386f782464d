package templates_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"testing"
	"time"

	"muster/internal/incident"
	"muster/internal/incident/incidenttest"
	"muster/internal/notice"
	"muster/internal/policy"
	"muster/internal/slackid"
	"muster/templates"
)

const (
	ana       = slackid.User("U0ANA")
	ben       = slackid.User("U0BEN")
	inChannel = slackid.Channel("C0HOME")
)

var t0 = time.Date(2026, 11, 23, 3, 10, 0, 0, time.UTC)

// process returns the process's own policy, with people.
func process() policy.Policy {
	users := func(all ...slackid.User) policy.People { return policy.NewPeople(all, nil) }
	return policy.Policy{
		Announce: "C0INCIDENTS",
		PostMortem: policy.PostMortem{
			When:       map[policy.Severity]policy.When{policy.P0: policy.Always, policy.P1: policy.CustomerImpact},
			LongerThan: 4 * time.Hour, Within: 48 * time.Hour,
		},
		Archive: policy.Archive{After: 7 * 24 * time.Hour},
		Snooze:  policy.Snooze{Min: time.Minute, Max: 24 * time.Hour, Default: 30 * time.Minute},
		Severities: []policy.SeverityPolicy{
			{
				Severity: policy.P0, Urgency: policy.Urgent, Name: "Critical", Meaning: "Complete outage, data breach",
				Response: 15 * time.Minute, Update: 30 * time.Minute,
				Escalate: []policy.Step{{To: 2}, {To: 3, After: time.Hour}},
			},
			{
				Severity: policy.P1, Urgency: policy.High, Name: "High", Meaning: "Major functionality impaired",
				Response: time.Hour, Update: 2 * time.Hour,
				Escalate: []policy.Step{{To: 2, After: 2 * time.Hour}, {To: 3, After: 4 * time.Hour}},
			},
			{Severity: policy.P2, Urgency: policy.Normal, Name: "Medium", Meaning: "Minor functionality issues", Response: 4 * time.Hour, Update: 2 * time.Hour},
			{Severity: policy.P3, Urgency: policy.Normal, Name: "Low", Meaning: "Cosmetic or enhancement", Response: 24 * time.Hour, Update: 2 * time.Hour},
		},
		Levels: []policy.LevelPolicy{
			{Name: "On-call engineer", Roles: []policy.Role{policy.OnCallEngineer}},
			{Name: "Senior engineer and tech lead", Roles: []policy.Role{"senior_engineer", "tech_lead"}},
			{Name: "Engineering manager", Roles: []policy.Role{"engineering_manager"}},
		},
		Roles: []policy.RolePolicy{
			{Role: policy.OnCallEngineer, Name: "On-Call Engineer", Holder: policy.NewPeople(nil, []slackid.Group{"S0ONCALL"})},
			{Role: "senior_engineer", Name: "Senior Engineer", Holder: users("U0SENIOR")},
			{Role: "tech_lead", Name: "Tech Lead", Holder: users("U0LEAD")},
			{Role: "engineering_manager", Name: "Engineering Manager", Holder: users("U0MANAGER")},
		},
	}
}

// story drives one incident through the real domain, and renders on the way.
type story struct {
	t        testing.TB
	policy   policy.Policy
	now      time.Time
	i        incident.Incident
	timeline []incident.Entry
	entries  []incident.Entry // of the last change
	notices  []notice.Notice  // of all changes
	made     *templates.Templates
}

// told starts a story: ana declares.
func told(t testing.TB, d incident.Declaration) *story {
	t.Helper()
	s := &story{t: t, policy: process(), now: t0, i: incident.Incident{Number: 7}}
	return s.by(ana, func(i incident.Incident, c incident.Origin) (incident.Change, error) { return i.Declare(c, d) })
}

// declared returns a story with an everyday incident.
func declared(t testing.TB, sev policy.Severity) *story {
	t.Helper()
	return told(t, incident.Declaration{
		Title: "Payments fail at checkout", Impact: "Customers cannot pay by card; PayPal works.", Severity: sev,
	})
}

func (s *story) by(u slackid.User, step incident.Transition) *story {
	s.t.Helper()
	change, err := step(s.i, incident.Origin{ID: fmt.Sprintf("o%d", s.i.Version+1), By: u, At: s.now, Policy: s.policy})
	if err != nil {
		s.t.Fatal(err)
	}
	s.keep(change)
	s.entries = change.Entries
	s.notices = append(s.notices, change.Notices...)
	return s
}

// keep has the incident loaded with all that a store would have of it.
func (s *story) keep(c incident.Change) {
	before := s.i.Loaded.Parts
	s.i, s.timeline = c.After, append(s.timeline, c.Entries...)
	s.i.Loaded = incidenttest.Load(before, c.Parts, s.timeline)
}

// say puts a text in place of what was said before.
func (s *story) say(topic incident.Topic, facts map[string]string) {
	seq := 1000 + len(s.i.Texts)
	s.i.Texts[topic] = seq
	s.i.Loaded.Entries[seq] = incident.Entry{Seq: seq, At: s.now, By: ana, Kind: incident.EntryUpdated, Facts: facts}
}

// after lets time pass, with every timer fired at its moment.
func (s *story) after(d time.Duration) *story {
	s.t.Helper()
	until := s.now.Add(d)
	for {
		var next incident.Timer
		for name := range s.i.Timers {
			timer := s.timer(name)
			if !timer.At.After(until) && (next.At.IsZero() || timer.At.Before(next.At)) {
				next = timer
			}
		}
		if next.At.IsZero() {
			s.now = until
			return s
		}
		s.now = next.At
		s.fire(next, incident.Outage{})
	}
}

// timer describes an armed timer.
func (s *story) timer(name incident.TimerName) incident.Timer {
	armed := s.i.Timers[name]
	return incident.Timer{Number: s.i.Number, Name: name, At: armed.At, Gen: armed.Gen}
}

func (s *story) fire(timer incident.Timer, o incident.Outage) *story {
	s.t.Helper()
	return s.by(slackid.Muster, func(i incident.Incident, c incident.Origin) (incident.Change, error) {
		return i.Fire(c, timer, o)
	})
}

// opened has the incident's channel open with its card, and nothing else delivered yet.
func (s *story) opened() *story {
	s.t.Helper()
	for i := 0; i < len(s.notices); i++ { // the card follows the channel
		n := s.notices[i]
		if n.Op == notice.OpOpen || n.Op == notice.OpPost && n.Template == incident.TemplateCard {
			s.by(slackid.Muster, func(i incident.Incident, c incident.Origin) (incident.Change, error) {
				return i.Delivered(c, n, notice.Receipt{Message: notice.Message{Channel: inChannel}, Name: "inc-7"})
			})
		}
	}
	return s
}

// settled has everything delivered that was told so far, and what follows from that.
func (s *story) settled() *story {
	s.t.Helper()
	for told := slices.Clone(s.notices); len(told) > 0; told = told[1:] {
		n := told[0]
		r := notice.Receipt{Message: notice.Message{Channel: inChannel, TS: "1700000000.000100"}}
		if n.Op == notice.OpOpen {
			r.Name = "inc-7-payments-fail-at-checkout"
		}
		if !n.To.People.Empty() {
			r.Users = []slackid.User{"U0ONCALL"}
		}
		change, err := s.i.Delivered(incident.Origin{By: slackid.Muster, At: s.now, Policy: s.policy}, n, r)
		if err == nil {
			s.keep(change)
			told, s.notices = append(told, change.Notices...), append(s.notices, change.Notices...)
		}
	}
	return s
}

// fails has the notices of an op end as dead letters.
func (s *story) fails(op notice.Op, reason string) *story {
	s.t.Helper()
	for _, n := range s.notices {
		if n.Op == op {
			s.by(slackid.Muster, func(i incident.Incident, c incident.Origin) (incident.Change, error) {
				return i.Failed(c, n, reason)
			})
		}
	}
	return s
}

// delivers has the last notice of an op delivered.
func (s *story) delivers(op notice.Op) *story {
	s.t.Helper()
	return s.by(slackid.Muster, func(i incident.Incident, c incident.Origin) (incident.Change, error) {
		return i.Delivered(c, s.lastOp(op), notice.Receipt{Message: notice.Message{Channel: inChannel}})
	})
}

// lastOp returns the last notice of an op.
func (s *story) lastOp(op notice.Op) notice.Notice {
	s.t.Helper()
	for _, n := range slices.Backward(s.notices) {
		if n.Op == op {
			return n
		}
	}
	s.t.Fatalf("no %s was queued", op)
	return notice.Notice{}
}

// archived is an incident whose channel was archived seven days after its end.
func archived(t testing.TB, s *story) *story {
	t.Helper()
	return s.settled().cancelled("a false alarm").after(7 * 24 * time.Hour).delivers(notice.OpArchive)
}

func (s *story) acknowledged() *story { return s.by(ben, incident.Incident.Acknowledge) }

func (s *story) updated(r incident.Report) *story {
	return s.by(ben, func(i incident.Incident, c incident.Origin) (incident.Change, error) { return i.Update(c, r) })
}

func (s *story) assigned(r policy.Role, to slackid.User) *story {
	return s.by(ana, func(i incident.Incident, c incident.Origin) (incident.Change, error) {
		return i.Assign(c, incident.Assignment{Role: r, User: to})
	})
}

func (s *story) escalated(why string) *story {
	return s.by(ben, func(i incident.Incident, c incident.Origin) (incident.Change, error) {
		return i.Escalate(c, incident.Escalation{Why: why})
	})
}

func (s *story) resolved(r incident.Resolution) *story {
	return s.by(ben, func(i incident.Incident, c incident.Origin) (incident.Change, error) { return i.Resolve(c, r) })
}

func (s *story) cancelled(why string) *story {
	return s.by(ana, func(i incident.Incident, c incident.Origin) (incident.Change, error) { return i.Cancel(c, why) })
}

// merged merges it into INC-6, which goes on.
func (s *story) merged() *story {
	return s.by(ana, func(i incident.Incident, c incident.Origin) (incident.Change, error) {
		changes, err := incident.Merge(i, s.another(), c)
		if err != nil {
			return incident.Change{}, err
		}
		return changes[0], nil
	})
}

// absorbed has INC-6 merged into it.
func (s *story) absorbed() *story {
	return s.by(ana, func(i incident.Incident, c incident.Origin) (incident.Change, error) {
		duplicate := s.another()
		duplicate.Severity = i.Severity
		changes, err := incident.Merge(duplicate, i, c)
		if err != nil {
			return incident.Change{}, err
		}
		return changes[1], nil
	})
}

// another returns INC-6, open as well.
func (s *story) another() incident.Incident {
	s.t.Helper()
	change, err := incident.Incident{Number: 6}.Declare(incident.Origin{ID: "o6", By: ben, At: t0, Policy: s.policy}, incident.Declaration{
		Title: "Nobody can pay", Severity: policy.P0,
	})
	if err != nil {
		s.t.Fatal(err)
	}
	change.After.Channel = "C0SIX"
	return change.After
}

func (s *story) reopened(why string) *story {
	return s.by(ana, func(i incident.Incident, c incident.Origin) (incident.Change, error) { return i.Reopen(c, why) })
}

// undelivered adds dead letters.
func (s *story) undelivered(t testing.TB, count int, reason string) {
	t.Helper()
	parts := s.i.Loaded.Parts[incident.PartDeadLetter]
	for n := range count {
		letter := incident.DeadLetter{Notice: notice.Notice{Subject: s.i.Number.Subject(), Op: notice.OpPost, Template: incident.TemplateUpdate}, Reason: reason}
		body, err := json.Marshal(letter)
		if err != nil {
			t.Fatal(err)
		}
		parts = append(parts, incident.Part{Kind: incident.PartDeadLetter, ID: fmt.Sprint(n), Body: body})
	}
	s.i.Loaded.Parts[incident.PartDeadLetter], s.i.Undelivered = parts, s.i.Undelivered+count
}

// row returns the incident in a list.
func (s *story) row() incident.Summary { return s.i.Summary(s.policy, s.now) }

// templates returns the package under test at the story's moment.
func (s *story) templates() *templates.Templates {
	s.t.Helper()
	if s.made == nil {
		made, err := templates.New(s.policy, func() time.Time { return s.now })
		if err != nil {
			s.t.Fatal(err)
		}
		s.made = made
	}
	return s.made
}

// last returns the latest notice of a template that is one of these ops.
func (s *story) last(t notice.Template, ops ...notice.Op) notice.Notice {
	s.t.Helper()
	for _, n := range slices.Backward(s.notices) {
		if n.Template == t && slices.Contains(ops, n.Op) {
			return n
		}
	}
	s.t.Fatalf("nobody was told by %q", t)
	return notice.Notice{}
}

// message returns the latest of a template, as it is posted now.
func (s *story) message(t notice.Template) said {
	s.t.Helper()
	return s.render(s.last(t, notice.OpPost, notice.OpEdit))
}

func (s *story) render(n notice.Notice) said {
	s.t.Helper()
	a, ok := s.i.Audience(n)
	if !ok {
		s.t.Fatalf("%s is for nobody", n.Key)
	}
	text, blocks, err := s.templates().Message(n, s.i.For(a), a)
	if err != nil {
		s.t.Fatal(err)
	}
	return said{Text: text, Blocks: blocks}
}
