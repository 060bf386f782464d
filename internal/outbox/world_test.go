package outbox_test

import (
	"slices"
	"testing"
	"time"

	"go.uber.org/zap"
	"go.uber.org/zap/zapcore"
	"go.uber.org/zap/zaptest/observer"

	"muster/internal/incident"
	"muster/internal/outbox"
	"muster/internal/policy"
	"muster/internal/slackid"
)

// world is a dispatcher between a store and a Slack. Its tests run in a
// synctest bubble, so time passes only while everybody waits.
type world struct {
	t       *testing.T
	store   *memory
	service *incident.Service
	slack   *slack
	logs    *observer.ObservedLogs
	*outbox.Dispatcher
}

func newWorld(t *testing.T) *world {
	w := &world{t: t, store: newMemory(), slack: &slack{posted: map[string]int{}}}
	core, logs := observer.New(zapcore.DebugLevel)
	w.logs = logs
	w.service = &incident.Service{Store: w.store, Policy: process(), Now: time.Now, Wake: func() { w.Wake() }}
	w.Dispatcher = outbox.New(outbox.Options{
		Lanes: w.store, Incidents: w.service, Sender: w.slack, Now: time.Now, Log: zap.New(core),
	})
	return w
}

func process() policy.Policy {
	p := policy.Policy{
		Levels: []policy.LevelPolicy{{Name: "On-call", Roles: []policy.Role{policy.OnCallEngineer}}},
		Roles: []policy.RolePolicy{{
			Role: policy.OnCallEngineer, Name: "On-call engineer", Holder: policy.NewPeople([]slackid.User{"U0ONCALL"}, nil),
		}},
		Announce: "C0ANNOUNCE",
	}
	for _, s := range []policy.Severity{policy.P0, policy.P1, policy.P2, policy.P3} {
		p.Severities = append(p.Severities, policy.SeverityPolicy{Severity: s, Name: string(s), Response: time.Hour, Update: time.Hour})
	}
	return p
}

// flush delivers what is ready now.
func (w *world) flush() int {
	w.t.Helper()
	n, err := w.Flush(w.t.Context())
	if err != nil {
		w.t.Fatalf("flush: %v", err)
	}
	return n
}

// pass lets time go by.
func (w *world) pass(d time.Duration) { <-time.After(d) }

// open is an incident at work, with its channel and card.
func open() incident.Incident {
	return incident.Incident{
		Number: 1, Version: 1, Title: "Payments down", Severity: policy.P1, Status: incident.Investigating,
		Declared: incident.Stamp{By: "U0ANA", At: time.Now()}, Channel: "C0INCIDENT", Level: 1,
		Card:  incident.Message{Channel: "C0INCIDENT", TS: "1.1"},
		Steps: map[incident.StepName]incident.Outcome{},
	}
}

// post is a notice to the incident's channel.
func post(key string) incident.Notice {
	return incident.Notice{
		Key: key, Number: 1, Lane: "incident:INC-1", Op: incident.OpPost, Template: incident.TemplateChange,
		To: incident.Target{InChannel: true}, At: time.Now(),
	}
}

// in puts a notice into another lane.
func in(lane string, n incident.Notice) incident.Notice { n.Lane = lane; return n }

func equal(t *testing.T, what string, got, want []string) {
	t.Helper()
	if !slices.Equal(got, want) {
		t.Errorf("%s: got %v, want %v", what, got, want)
	}
}
