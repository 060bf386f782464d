package templates_test

import (
	"errors"
	"testing"
	"time"

	"muster/internal/incident"
	"muster/internal/policy"
	"muster/templates"
)

// TestReplies_Rendered_MatchTheGoldenFiles holds every answer.
func TestReplies_Rendered_MatchTheGoldenFiles(t *testing.T) {
	fresh := declared(t, policy.P0)
	work := atWork(t)
	hidden := private(t).settled()
	acked := declared(t, policy.P1).settled().after(3 * time.Minute).acknowledged()
	ended := atWork(t).resolved(fixed)
	_, err := ended.i.Acknowledge(incident.Origin{By: ana, At: ended.now, Policy: ended.policy})
	var refused *incident.Rejection
	if !errors.As(err, &refused) {
		t.Fatalf("no rejection: %v", err)
	}
	now := work.templates()
	revoked, err := templates.New(process(), func() time.Time { return work.now })
	if err != nil {
		t.Fatal(err)
	}
	revoked.Refused = func() string { return "token_revoked" }
	for name, s := range map[string]said{
		"reply/declared_unheard": answer(t)(revoked.Declared(fresh.i)),
		"reply/status_unheard":   answer(t)(revoked.Status(work.i)),
		"reply/declared":         answer(t)(now.Declared(fresh.i)),
		"reply/acknowledged":     answer(t)(now.Done(acked.i, acked.entries)),
		"reply/updated":          answer(t)(now.Done(work.i, work.entries)),
		"reply/resolved":         answer(t)(now.Done(ended.i, ended.entries)),
		"reply/repeated":         answer(t)(now.Done(work.i, nil)),
		"reply/status":           answer(t)(now.Status(work.i)),
		"reply/controls":         answer(t)(now.Controls(work.i)),
		"reply/list":             answer(t)(now.List([]incident.Summary{work.row(), fresh.row(), hidden.row()})),
		"reply/list_empty":       answer(t)(now.List(nil)),
		"reply/unknown":          answer(t)(now.Unknown("akc `<!here>`", "/incident ack INC-7", "/incident declare akc `<!here>` INC-7")),
		"reply/rejected":         answer(t)(now.Rejected(refused)),
		"reply/failed":           answer(t)(now.Failed("a1b2c3", false), nil),
		"reply/failed_late":      answer(t)(now.Failed("a1b2c3", true), nil),
	} {
		t.Run(name, func(t *testing.T) { golden(t, name, s) })
	}
}

func TestTopic_SaysSeverityStatusNumberAndTitle(t *testing.T) {
	s := atWork(t)
	if got, want := s.templates().Topic(s.i), "P1 High · Identified · INC-7 · Payments fail at checkout"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}
