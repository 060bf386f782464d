package storetest

import (
	"context"
	"encoding/json"
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"muster/internal/incident"
	"muster/internal/incident/incidenttest"
	"muster/internal/notice"
	"muster/internal/policy"
	"muster/internal/slackid"
	"muster/store"
)

// Open gives a test an empty store, and closes it at the test's end.
type Open func(t testing.TB) store.Store

// Run tests a driver. Its parts run side by side, since they wait for the disk or
// the server most of the time.
func Run(t *testing.T, open Open) { run(t, open, false) }

// RunBriefly is Run with fewer random cases and fewer commits of many writers. It is
// for a slow imitation of a server that passes Run: both are sent the same by the same
// driver, so what chance finds there, it finds with the server too.
func RunBriefly(t *testing.T, open Open) { run(t, open, true) }

func run(t *testing.T, open Open, brief bool) {
	for _, part := range []struct {
		name  string
		rules []rule
	}{
		{"Load", loading},
		{"Find", finding},
		{"Commit", committing},
		{"CommitOfSeveral", several},
		{"Parts", parts},
		{"Timers", timers},
		{"Slots", slots},
		{"Lanes", lanes},
		{"Limits", pacing},
		{"Next", attention},
	} {
		t.Run(part.name, func(t *testing.T) {
			t.Parallel()
			for _, r := range part.rules {
				t.Run(r.name, func(t *testing.T) {
					r.check(&suite{T: t, Store: open(t), now: start, brief: brief})
				})
			}
		})
	}
	t.Run("Figures", func(t *testing.T) {
		t.Parallel()
		checkFigures(t, open)
	})
	t.Run("Model", func(t *testing.T) {
		t.Parallel()
		checkModel(t, open, brief)
	})
}

// rule is one thing that a store owes.
type rule struct {
	name  string
	check func(*suite)
}

// start is when every test begins.
var start = time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)

// suite is one test with its store. Its clock stands still but for what the
// test advances.
type suite struct {
	*testing.T
	store.Store
	now   time.Time
	keys  int
	brief bool
}

func (s *suite) ctx() context.Context { return s.Context() }

// after is a moment from now on.
func (s *suite) after(d time.Duration) time.Time { return s.now.Add(d) }

// edit adds to a commit.
type edit func(*incident.Commit)

// next returns the commit that follows an incident as it stands: its next
// version, with one entry and a key of its own.
func (s *suite) next(inc incident.Incident, edits ...edit) incident.Commit {
	s.keys++
	c := incident.Commit{Key: fmt.Sprintf("key-%d", s.keys), At: s.now, Changes: []incident.Change{s.change(inc)}}
	for _, e := range edits {
		e(&c)
	}
	return summarized(c)
}

// change is an incident's next version, with one entry.
func (s *suite) change(inc incident.Incident) incident.Change {
	inc.Version++
	inc.Entries++
	inc.LastHash = fmt.Sprintf("hash-%d", inc.Entries)
	inc.Loaded = incident.Loaded{}
	return incident.Change{After: inc, Entries: []incident.Entry{{
		Seq: inc.Entries, At: s.now, By: "U1", Kind: incident.EntryUpdated,
		Facts: map[string]string{"text": fmt.Sprintf("entry %d", inc.Entries)}, Hash: inc.LastHash,
	}}}
}

// summarized gives each change of a commit its summary.
func summarized(c incident.Commit) incident.Commit {
	for i := range c.Changes {
		c.Changes[i].Summary = c.Changes[i].After.Summary(incidenttest.Policy(), c.At)
	}
	return c
}

// commit commits what follows an incident, and returns it as it stands then.
func (s *suite) commit(inc incident.Incident, edits ...edit) incident.Incident {
	s.Helper()
	c := s.next(inc, edits...)
	s.must(s.Commit(s.ctx(), c))
	return c.Changes[0].After
}

// fresh is an incident that is yet to be declared.
func (s *suite) fresh(n incident.Number) incident.Incident {
	return incident.Incident{
		Number: n, Title: "Payments are down", Status: incident.Investigating, Severity: policy.P1,
		Declared: incident.Stamp{By: "U1", At: s.now},
	}
}

// declare commits a new incident.
func (s *suite) declare(edits ...edit) incident.Incident {
	s.Helper()
	blank, _, err := s.Load(s.ctx(), incident.Ref{}, "", incident.Want{})
	s.must(err)
	return s.commit(s.fresh(blank.Number), edits...)
}

func key(k string) edit { return func(c *incident.Commit) { c.Key = k } }

func channel(id slackid.Channel) edit {
	return func(c *incident.Commit) { c.Changes[0].After.Channel = id }
}

func status(to incident.Status) edit {
	return func(c *incident.Commit) { c.Changes[0].After.Status = to }
}

func severity(to policy.Severity) edit {
	return func(c *incident.Commit) { c.Changes[0].After.Severity = to }
}

// part sets a part, or removes it where body is "".
func part(kind incident.PartKind, id, body string) edit {
	return func(c *incident.Commit) {
		p := incident.Part{Kind: kind, ID: id}
		if body != "" {
			p.Body = json.RawMessage(body)
		}
		c.Changes[0].Parts = append(c.Changes[0].Parts, p)
	}
}

// slot claims a job's slot with the commit.
func slot(job string, at time.Time) edit {
	return func(c *incident.Commit) { c.Slot = &incident.Slot{Job: job, At: at} }
}

func timer(name incident.TimerName, at time.Time) edit {
	return func(c *incident.Commit) {
		c.Changes[0].Timers = append(c.Changes[0].Timers, incident.Timer{
			Number: c.Changes[0].After.Number, Name: name, At: at, Gen: c.Changes[0].After.Version,
		})
	}
}

func fired(claim incident.Claim) edit { return func(c *incident.Commit) { c.Fired = &claim } }

func sent(l notice.Lease) edit { return func(c *incident.Commit) { c.Sent = &l } }

// queued queues a notice; how says what is unusual about it.
func queued(lane, key string, how ...func(*notice.Notice)) edit {
	return func(c *incident.Commit) {
		n := notice.Notice{
			Key: key, Subject: c.Changes[0].After.Number.Subject(), Lane: lane, Op: notice.OpPost,
			Template: incident.TemplateChange, To: notice.Address{Medium: notice.Slack, InChannel: true}, Priority: notice.Normal, At: c.At,
		}
		for _, h := range how {
			h(&n)
		}
		c.Changes[0].Notices = append(c.Changes[0].Notices, n)
	}
}

func op(o notice.Op) func(*notice.Notice) { return func(n *notice.Notice) { n.Op = o } }

func merge(m string) func(*notice.Notice) {
	return func(n *notice.Notice) { n.Op, n.Merge = notice.OpEdit, m }
}

func urgency(p notice.Priority) func(*notice.Notice) {
	return func(n *notice.Notice) { n.Priority = p }
}

// load reads an incident by its number, without anything beside its head.
func (s *suite) load(n incident.Number) incident.Incident {
	s.Helper()
	return s.loadWith(n, incident.Want{})
}

// loadWith reads an incident by its number, with what is wanted beside its head.
func (s *suite) loadWith(n incident.Number, want incident.Want) incident.Incident {
	s.Helper()
	inc, _, err := s.Load(s.ctx(), incident.Ref{Number: n}, "", want)
	s.must(err)
	return inc
}

func (s *suite) must(err error) {
	s.Helper()
	if err != nil {
		s.Fatal(err)
	}
}

// same compares what is with what ought to be.
func (s *suite) same(got, want any) {
	s.Helper()
	if diff := cmp.Diff(want, got); diff != "" {
		s.Fatalf("-want +got:\n%s", diff)
	}
}
