package templates_test

import (
	"errors"
	"testing"
	"time"

	"muster/internal/incident"
	"muster/internal/policy"
	"muster/templates"
)

// TestReplies holds every answer.
func TestReplies(t *testing.T) {
	fresh := declared(t, policy.P0)
	work := atWork(t)
	hidden := private(t).settled()
	acked := declared(t, policy.P1).settled().after(3 * time.Minute).acknowledged()
	ended := atWork(t).resolved(fixed)
	topics := []templates.Topic{
		{Usage: "/incident declare [P0–P3] [title]", Summary: "Declare an incident."},
		{Usage: "/incident ack", Summary: "Say that you are at it."},
	}
	_, err := ended.i.Acknowledge(incident.Origin{By: ana, At: ended.now, Policy: ended.policy})
	var refused *incident.Rejection
	if !errors.As(err, &refused) {
		t.Fatalf("no rejection: %v", err)
	}
	now := work.templates()
	for name, s := range map[string]said{
		"reply_declared":     answer(t)(now.Declared(fresh.i)),
		"reply_acknowledged": answer(t)(now.Done(acked.i, acked.entries)),
		"reply_updated":      answer(t)(now.Done(work.i, work.entries)),
		"reply_resolved":     answer(t)(now.Done(ended.i, ended.entries)),
		"reply_repeated":     answer(t)(now.Done(work.i, nil)),
		"reply_status":       answer(t)(now.Status(work.i)),
		"reply_controls":     answer(t)(now.Controls(work.i)),
		"reply_list":         answer(t)(now.List([]incident.Incident{work.i, fresh.i, hidden.i})),
		"reply_list_empty":   answer(t)(now.List(nil)),
		"reply_help":         answer(t)(now.Help(topics, "", "")),
		"reply_help_unknown": answer(t)(now.Help(topics, "akc `<!here>`", "ack")),
		"reply_rejected":     answer(t)(now.Rejected(refused), nil),
		"reply_failed":       answer(t)(now.Failed("a1b2c3", ""), nil),
		"reply_failed_late":  answer(t)(now.Failed("a1b2c3", "It is not known whether this was recorded."), nil),
	} {
		t.Run(name, func(t *testing.T) { golden(t, name, s) })
	}
}

func TestTopic(t *testing.T) {
	s := atWork(t)
	if got, want := s.templates().Topic(s.i), "P1 High · Identified · INC-7 · Payments fail at checkout"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}
