package handlers

import (
	"context"
	"fmt"
	"time"

	"github.com/slack-go/slack"
	"go.uber.org/zap"

	"muster/internal/digest"
	"muster/internal/incident"
	"muster/internal/policy"
	"muster/internal/slackid"
	"muster/templates"
)

// Incidents is the service behind the handlers.
type Incidents interface {
	Do(ctx context.Context, r incident.Request, step incident.Transition) (incident.Result, error)
	DoBoth(ctx context.Context, r incident.Request, other func(incident.Incident) incident.Ref, step incident.Joint) (incident.Result, error)
	Get(ctx context.Context, by slackid.User, from slackid.Channel, ref incident.Ref, parts ...incident.PartKind) (incident.Incident, error)
	List(ctx context.Context, by slackid.User, from slackid.Channel) ([]incident.Summary, error)
}

// Digests is where the digest of this moment is made.
type Digests interface {
	// Latest returns the digest of what happened since the last one was due.
	Latest(ctx context.Context) (digest.Digest, error)
}

// Slack is the little that is called from within a request.
type Slack interface {
	// OpenView opens a form with a trigger, which lasts 3 s and works once.
	OpenView(ctx context.Context, trigger string, v slack.ModalViewRequest) error
	// Account returns what kind of account somebody has.
	Account(ctx context.Context, user slackid.User) (policy.Account, error)
	// Respond answers a button, for its presser only.
	Respond(ctx context.Context, responseURL string, text string, blocks []slack.Block) error
	// Zone returns the time zone in which somebody lives, according to their profile.
	Zone(ctx context.Context, u slackid.User) (*time.Location, error)
}

// Handlers holds what the rows work with.
type Handlers struct {
	verbs     table
	incidents Incidents
	digests   Digests
	templates *templates.Templates
	policy    policy.Policy
	self      slackid.User
	slack     Slack
	log       *zap.Logger
}

// zoneWithin bounds the wait for somebody's time zone: the rest of the time that a
// request has is for the commit.
const zoneWithin = 700 * time.Millisecond

// zone returns somebody's time zone, the digest's where Slack does not say theirs
// in time. The answer names it.
func (h *Handlers) zone(ctx context.Context, u slackid.User) (*time.Location, error) {
	ctx, cancel := context.WithTimeout(ctx, zoneWithin)
	defer cancel()
	theirs, err := h.slack.Zone(ctx, u)
	if err == nil {
		return theirs, nil
	}
	h.log.Warn("ask for a time zone", zap.String("user", string(u)), zap.Error(err))
	ours, err := time.LoadLocation(h.policy.Digest.Timezone)
	if err != nil {
		return nil, fmt.Errorf("the digest's time zone: %w", err)
	}
	return ours, nil
}

// get reads the incident that a request is about.
func (h *Handlers) get(ctx context.Context, r Request, parts ...incident.PartKind) (incident.Incident, error) {
	return h.incidents.Get(ctx, r.User, r.Channel, r.ref(), parts...)
}

// handle handles a request for a verb, if the person may make it.
func (h *Handlers) handle(ctx context.Context, v row, r Request) (Reply, error) {
	if may := v.common().may; may != nil {
		if err := may(h.policy, r.User); err != nil {
			return Reply{}, err
		}
	}
	reply, err := v.handle(ctx, h, r)
	if r.Way == ByText && rejected(err, "no_incident_here") {
		err = withNumber(r)
	}
	return reply, err
}

// withNumber answers a command that needed an incident with the command as it
// was typed, and a number in it.
func withNumber(r Request) error {
	ref, text := incident.Ref{Number: 1}, r.Text
	if word, rest, _ := cutLabel(text); bareNumber.MatchString(word) { // a bare 7 is text to most commands
		ref.Number, _ = incident.ParseNumber(word)
		text = rest
	}
	return incident.Reject("no_incident_here", incident.Args{"command": usable(r.Word, ref, text)})
}
