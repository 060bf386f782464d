package storetest

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"muster/internal/incident"
	"muster/internal/policy"
	"muster/internal/slackid"
	"muster/store"
)

// Open gives a test an empty store, and closes it at the test's end.
type Open func(t testing.TB) store.Store

// Run tests a driver.
func Run(t *testing.T, open Open) {
	for _, part := range []struct {
		name  string
		rules []rule
	}{
		{"Load", loading},
		{"Commit", committing},
		{"Timers", timers},
		{"Slots", slots},
		{"Lanes", lanes},
		{"Pace", pacing},
		{"Next", attention},
	} {
		t.Run(part.name, func(t *testing.T) {
			for _, r := range part.rules {
				t.Run(r.name, func(t *testing.T) {
					r.check(&suite{T: t, Store: open(t), now: start})
				})
			}
		})
	}
	t.Run("Model", func(t *testing.T) { checkModel(t, open) })
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
	now  time.Time
	keys int
}

func (s *suite) ctx() context.Context { return s.Context() }

// after is a moment from now on.
func (s *suite) after(d time.Duration) time.Time { return s.now.Add(d) }

// edit adds to a commit.
type edit func(*incident.Commit)

// next is the commit that follows an incident as it stands: its next version,
// with one entry and a key of its own.
func (s *suite) next(i incident.Incident, edits ...edit) incident.Commit {
	s.keys++
	i.Version++
	i.Entries++
	i.Head = fmt.Sprintf("hash-%d", i.Entries)
	c := incident.Commit{
		Key: fmt.Sprintf("key-%d", s.keys), At: s.now,
		Change: incident.Change{After: i, Entries: []incident.Entry{{
			Seq: i.Entries, At: s.now, By: "U1", Kind: incident.EntryUpdated,
			Text: fmt.Sprintf("entry %d", i.Entries), Hash: i.Head,
		}}},
	}
	for _, e := range edits {
		e(&c)
	}
	return c
}

// commit commits what follows an incident, and gives it as it stands then.
func (s *suite) commit(i incident.Incident, edits ...edit) incident.Incident {
	s.Helper()
	c := s.next(i, edits...)
	s.must(s.Commit(s.ctx(), c))
	return c.Change.After
}

// declare commits a new incident.
func (s *suite) declare(edits ...edit) incident.Incident {
	s.Helper()
	i, _, err := s.Load(s.ctx(), incident.Ref{}, "")
	s.must(err)
	i.Title, i.Status, i.Severity = "Payments are down", incident.Investigating, policy.P1
	i.Declared = incident.Stamp{By: "U1", At: s.now}
	return s.commit(i, edits...)
}

func key(k string) edit { return func(c *incident.Commit) { c.Key = k } }

func channel(id slackid.Channel) edit {
	return func(c *incident.Commit) { c.Change.After.Channel = id }
}

func status(to incident.Status) edit {
	return func(c *incident.Commit) { c.Change.After.Status = to }
}

func timer(kind incident.TimerKind, at time.Time) edit {
	return func(c *incident.Commit) {
		c.Change.Timers = append(c.Change.Timers, incident.Timer{
			Number: c.Change.After.Number, Kind: kind, At: at, Gen: c.Change.After.Version,
		})
	}
}

func fired(claim incident.Claim) edit { return func(c *incident.Commit) { c.Fired = &claim } }

func sent(l incident.Lease) edit { return func(c *incident.Commit) { c.Sent = &l } }

// tell queues a notice; how says what is unusual about it.
func queued(lane, key string, how ...func(*incident.Notice)) edit {
	return func(c *incident.Commit) {
		n := incident.Notice{
			Key: key, Number: c.Change.After.Number, Lane: lane, Op: incident.OpPost,
			Template: incident.TemplateChange, To: incident.Target{InChannel: true}, Priority: incident.Normal, At: c.At,
		}
		for _, h := range how {
			h(&n)
		}
		c.Change.Notices = append(c.Change.Notices, n)
	}
}

func act(a incident.Op) func(*incident.Notice) { return func(n *incident.Notice) { n.Op = a } }

func merge(m string) func(*incident.Notice) {
	return func(n *incident.Notice) { n.Op, n.Merge = incident.OpEdit, m }
}

func urgency(p incident.Priority) func(*incident.Notice) {
	return func(n *incident.Notice) { n.Priority = p }
}

// load reads an incident by its number.
func (s *suite) load(n incident.Number) incident.Incident {
	s.Helper()
	i, _, err := s.Load(s.ctx(), incident.Ref{Number: n}, "")
	s.must(err)
	return i
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
