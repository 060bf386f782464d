package storetest

import (
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"testing"
	"time"

	"muster/internal/incident"
	"muster/internal/incident/incidenttest"
	"muster/internal/notice"
	"muster/internal/policy"
	"muster/store"
)

// Figures are commits of real transitions with the bytes that each may carry at
// most: whatever an incident has been through, a commit costs what it says.
func Figures(t testing.TB) []Figure {
	return []Figure{longUpdate(t), manyParts(t)}
}

// Figure is one of them.
type Figure struct {
	Name   string
	Before []incident.Commit // what has to be there
	Commit incident.Commit
	Most   int // bytes
}

// checkFigures looks what the commits carry, and that the driver takes them.
func checkFigures(t *testing.T, open Open) {
	for _, f := range Figures(t) {
		t.Run(f.Name, func(t *testing.T) {
			s := open(t)
			for _, c := range append(f.Before, f.Commit) {
				if err := s.Commit(t.Context(), c); err != nil {
					t.Fatal(err)
				}
			}
			e, err := store.Encode(f.Commit)
			if err != nil {
				t.Fatal(err)
			}
			t.Logf("%d bytes", e.Size())
			if e.Size() > f.Most {
				t.Errorf("the commit carries %d bytes; at most %d are fine", e.Size(), f.Most)
			}
		})
	}
}

// story makes commits of one incident's transitions.
type story struct {
	t       testing.TB
	now     time.Time
	inc     incident.Incident
	entries []incident.Entry
	commits []incident.Commit
}

func (s *story) do(step incident.Transition) incident.Commit {
	s.t.Helper()
	s.now = s.now.Add(time.Minute)
	change, err := step(s.inc, incident.Origin{By: incidenttest.Ana, At: s.now, Policy: incidenttest.Policy()})
	if err != nil {
		s.t.Fatal(err)
	}
	s.inc = change.After
	s.entries = append(s.entries, change.Entries...)
	s.inc.Loaded = incidenttest.Load(s.inc.Loaded.Parts, change.Parts, s.entries)
	c := incident.Commit{Key: fmt.Sprintf("key-%d", len(s.commits)+1), At: s.now, Changes: []incident.Change{change}}
	s.commits = append(s.commits, c)
	return c
}

func declared(t testing.TB) *story {
	s := &story{t: t, now: start, inc: incident.Incident{Number: 1}}
	s.do(func(inc incident.Incident, o incident.Origin) (incident.Change, error) {
		return inc.Declare(o, incident.Declaration{Title: "Payments are down", Impact: strings.Repeat("x", incident.MaxText), Severity: policy.P1})
	})
	return s
}

// longUpdate is an update of as many characters as are allowed, all of which
// HTML would escape.
func longUpdate(t testing.TB) Figure {
	s := declared(t)
	before := s.commits
	c := s.do(func(inc incident.Incident, o incident.Origin) (incident.Change, error) {
		return inc.Update(o, incident.Report{Text: strings.Repeat("<&>!", incident.MaxText/4), Status: incident.Identified, ETA: "an hour"})
	})
	return Figure{"an update of 2,800 characters", before, c, 7000}
}

// manyParts is an acknowledgement of an incident that has a thousand dead
// letters and 500 tasks.
func manyParts(t testing.TB) Figure {
	s := declared(t)
	failed := notice.Notice{
		Key: "INC-1.1.100", Subject: s.inc.Number.Subject(), Lane: "user:U1", Op: notice.OpPost,
		Template: incident.TemplateAlert, To: notice.Address{Medium: notice.Slack, User: "U1"}, At: s.now,
	}
	s.do(func(inc incident.Incident, o incident.Origin) (incident.Change, error) {
		return inc.Failed(o, failed, "user_not_found")
	})
	last := &s.commits[len(s.commits)-1].Changes[0]
	letter, task := last.Parts[0], incident.Part{Kind: "task", Body: json.RawMessage(`{"text":"Call the provider, and ask when it will be over."}`)}
	for i := range 999 {
		letter.ID = fmt.Sprintf("INC-1.1.%d", 101+i)
		last.Parts = append(last.Parts, letter)
	}
	for i := range 500 {
		task.ID = strconv.Itoa(i)
		last.Parts = append(last.Parts, task)
	}
	last.After.Undelivered = 1000
	s.inc.Undelivered = 1000
	before := s.commits
	return Figure{"an acknowledgement among 1,500 parts", before, s.do(incident.Incident.Acknowledge), 4000}
}
