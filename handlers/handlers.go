package handlers

import (
	"context"

	"github.com/slack-go/slack"

	"muster/internal/incident"
	"muster/internal/policy"
	"muster/internal/slackid"
	"muster/templates"
)

// Incidents is the service behind the handlers.
type Incidents interface {
	Do(ctx context.Context, r incident.Request, step incident.Transition) (incident.Result, error)
	Get(ctx context.Context, by slackid.User, from slackid.Channel, ref incident.Ref) (incident.Incident, error)
	List(ctx context.Context, by slackid.User, from slackid.Channel) ([]incident.Incident, error)
}

// Slack is the little that is called from within a request.
type Slack interface {
	// OpenView opens a form with a trigger, which lasts 3 s and works once.
	OpenView(ctx context.Context, trigger string, v slack.ModalViewRequest) error
	// Respond answers a button, for its presser only.
	Respond(ctx context.Context, responseURL string, text string, blocks []slack.Block) error
}

// Handlers holds what the handlers work with.
type Handlers struct {
	incidents Incidents
	templates *templates.Templates
	policy    policy.Policy
	self      slackid.User
}

// do is the way of every command: one transition, one commit, one answer.
func (h *Handlers) do(ctx context.Context, r Request, ref incident.Ref, step incident.Transition) (Reply, error) {
	result, err := h.commit(ctx, r, ref, step)
	if err != nil {
		return Reply{}, err
	}
	done, err := h.templates.Done(result.Incident, result.Entries)
	return Reply{Reply: done, Public: result.Incident.Channel == r.Channel}, err
}

func (h *Handlers) commit(ctx context.Context, r Request, ref incident.Ref, step incident.Transition) (incident.Result, error) {
	return h.incidents.Do(ctx, incident.Request{Key: r.Key, By: r.User, From: r.Channel, Ref: ref}, step)
}

// form opens a form about the incident that the request is about.
func (h *Handlers) openForm(view func(incident.Incident) (slack.ModalViewRequest, error)) Handler {
	return func(ctx context.Context, r Request) (Reply, error) {
		i, err := h.incidents.Get(ctx, r.User, r.Channel, r.ref())
		if err != nil {
			return Reply{}, err
		}
		return open(view(i))
	}
}

// reason opens the form for a step that needs one.
func (h *Handlers) openReasonForm(v incident.Verb) Handler {
	return h.openForm(func(i incident.Incident) (slack.ModalViewRequest, error) { return h.templates.ReasonView(i, v) })
}

func open(v slack.ModalViewRequest, err error) (Reply, error) { return Reply{Open: &v}, err }

func reply(r templates.Reply, err error) (Reply, error) { return Reply{Reply: r}, err }
