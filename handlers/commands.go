package handlers

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/slack-go/slack"

	"muster/internal/incident"
	"muster/internal/policy"
	"muster/internal/slackid"
)

// bare is /incident alone: an incident's controls inside its channel, the form
// to declare one elsewhere.
func (h *Handlers) noSubcommand(ctx context.Context, r Request) (Reply, error) {
	i, err := h.incidents.Get(ctx, r.User, r.Channel, r.ref())
	if rejected(err, "no_incident_here") {
		return h.declareForm(ctx, r)
	}
	if err != nil {
		return Reply{}, err
	}
	return reply(h.templates.Controls(i))
}

func (h *Handlers) declareForm(ctx context.Context, r Request) (Reply, error) {
	return h.declareWith(ctx, r, incident.Declaration{})
}

func (h *Handlers) declareWith(ctx context.Context, r Request, prefill incident.Declaration) (Reply, error) {
	current, err := h.current(ctx, r)
	if err != nil {
		current = nil // what is open already helps, but is not needed to declare
	}
	return open(h.templates.DeclareView(prefill, current))
}

func (h *Handlers) declare(ctx context.Context, r Request) (Reply, error) {
	d, err := parseDeclaration(h.policy, r.Text)
	if err != nil {
		return Reply{}, err
	}
	if d.Title == "" || d.Severity == "" {
		return h.declareWith(ctx, r, d)
	}
	result, err := h.declareNow(ctx, r, d)
	if err != nil {
		return Reply{}, err
	}
	return reply(h.templates.Declared(result.Incident))
}

func (h *Handlers) declareNow(ctx context.Context, r Request, d incident.Declaration) (incident.Result, error) {
	return h.commit(ctx, r, incident.Ref{}, func(i incident.Incident, c incident.Origin) (incident.Change, error) {
		return i.Declare(c, d)
	})
}

// parseDeclaration reads "[P1] [private] [title]".
func parseDeclaration(p policy.Policy, text string) (d incident.Declaration, err error) {
	for range 2 { // in either order
		word, rest := cut(text)
		if s, ok := p.ParseSeverity(word); ok && d.Severity == "" {
			d.Severity, text = s, rest
		} else if strings.EqualFold(word, "private") && !d.Private {
			d.Private, text = true, rest
		} else if ok {
			return d, incident.Rejectf("unknown_severity", "Choose one severity: `%s` or `%s`.", d.Severity, s)
		} else if sevLike.MatchString(word) {
			return d, unknownSeverity(p, word)
		}
	}
	d.Title = text
	return d, nil
}

func unknownSeverity(p policy.Policy, word string) error {
	known := make([]string, len(p.Severities))
	for n, s := range p.Severities {
		known[n] = fmt.Sprintf("`%s` (%s)", s.Severity, strings.ToLower(s.Name))
	}
	return incident.Rejectf("unknown_severity", "`%s` isn't a severity. Choose %s.", word, strings.Join(known, ", "))
}

// acknowledge takes what is said beside it for politeness: "ack on it".
func (h *Handlers) acknowledge(ctx context.Context, r Request) (Reply, error) {
	if word, _ := cut(r.Text); number.MatchString(word) {
		r.Text = word
	} else if !anyNumber.MatchString(word) {
		r.Text = ""
	}
	return h.incidentOnly(ctx, r, incident.Incident.Acknowledge)
}

func (h *Handlers) close(ctx context.Context, r Request) (Reply, error) {
	return h.incidentOnly(ctx, r, incident.Incident.Close)
}

func (h *Handlers) retry(ctx context.Context, r Request) (Reply, error) {
	return h.incidentOnly(ctx, r, incident.Incident.Retry)
}

// simple is a command that takes nothing but the incident.
func (h *Handlers) incidentOnly(ctx context.Context, r Request, step incident.Transition) (Reply, error) {
	ref, err := incidentArgument(r)
	if err != nil {
		return Reply{}, err
	}
	return h.do(ctx, r, ref, step)
}

func (h *Handlers) update(ctx context.Context, r Request) (Reply, error) {
	ref, text := splitIncident(r)
	if text == "" {
		return h.forIncident(ctx, r, ref, h.openForm(h.templates.UpdateView))
	}
	report, err := parseReport(ref, text)
	if err != nil {
		return Reply{}, err
	}
	if report.Text == "" { // a status alone: the form asks for the rest
		return h.forIncident(ctx, r, ref, h.openForm(func(i incident.Incident) (slack.ModalViewRequest, error) {
			return h.templates.UpdateViewTo(i, report.Status)
		}))
	}
	return h.do(ctx, r, ref, func(i incident.Incident, c incident.Origin) (incident.Change, error) {
		return i.Update(c, report)
	})
}

// parseReport reads "[status[:]] [text]".
func parseReport(ref incident.Ref, text string) (incident.Report, error) {
	word, rest := cut(text)
	word = strings.ToLower(strings.TrimRight(word, ":,-–—"))
	rest = strings.TrimSpace(strings.TrimLeft(rest, ":,-–— "))
	if s, ok := incident.ParseWorking(word); ok {
		return incident.Report{Status: s, Text: rest}, nil
	}
	if word == string(incident.Resolved) {
		return incident.Report{}, incident.Rejectf("not_allowed", "An update can't resolve an incident. Type `%s`.", command(string(incident.VerbResolve), ref, rest))
	}
	return incident.Report{Text: text}, nil
}

func (h *Handlers) severity(ctx context.Context, r Request) (Reply, error) {
	ref, word := splitIncident(r)
	if word == "" {
		return h.forIncident(ctx, r, ref, h.openForm(h.templates.SeverityView))
	}
	word, _ = cut(word) // a reason may follow; an update is the place for it
	to, ok := h.policy.ParseSeverity(word)
	if !ok {
		to, ok = h.policy.ParseSeverity("P" + word)
	}
	if !ok {
		return Reply{}, unknownSeverity(h.policy, word)
	}
	return h.do(ctx, r, ref, func(i incident.Incident, c incident.Origin) (incident.Change, error) {
		return i.ChangeSeverity(c, to)
	})
}

func (h *Handlers) assign(ctx context.Context, r Request) (Reply, error) {
	ref, text := splitIncident(r)
	if text == "" {
		return h.forIncident(ctx, r, ref, h.openForm(h.templates.AssignView))
	}
	role, user, err := h.parseAssignment(text, r.User)
	if err != nil {
		return Reply{}, err
	}
	return h.assignTo(ctx, r, ref, role, user)
}

// give assigns a role to a person.
func (h *Handlers) assignTo(ctx context.Context, r Request, ref incident.Ref, role policy.Role, user slackid.User) (Reply, error) {
	return h.do(ctx, r, ref, func(i incident.Incident, c incident.Origin) (incident.Change, error) {
		return i.Assign(c, role, user)
	})
}

func (h *Handlers) escalate(ctx context.Context, r Request) (Reply, error) {
	ref, why := splitIncident(r)
	return h.do(ctx, r, ref, func(i incident.Incident, c incident.Origin) (incident.Change, error) {
		return i.Escalate(c, 0, why)
	})
}

func (h *Handlers) snooze(ctx context.Context, r Request) (Reply, error) {
	ref, text := splitIncident(r)
	if text == "" {
		return h.forIncident(ctx, r, ref, h.openForm(h.templates.SnoozeView))
	}
	length, err := parseLength(text)
	if err != nil {
		return Reply{}, err
	}
	return h.snoozeFor(ctx, r, ref, length)
}

func (h *Handlers) snoozeFor(ctx context.Context, r Request, ref incident.Ref, length time.Duration) (Reply, error) {
	return h.do(ctx, r, ref, func(i incident.Incident, c incident.Origin) (incident.Change, error) {
		return i.Snooze(c, length)
	})
}

func (h *Handlers) resolve(ctx context.Context, r Request) (Reply, error) {
	ref, summary := splitIncident(r)
	if summary == "" {
		return h.forIncident(ctx, r, ref, h.openForm(h.templates.ResolveView))
	}
	return h.do(ctx, r, ref, func(i incident.Incident, c incident.Origin) (incident.Change, error) {
		return i.Resolve(c, incident.Resolution{Summary: summary})
	})
}

func (h *Handlers) reopen(ctx context.Context, r Request) (Reply, error) {
	return h.withReason(ctx, r, incident.VerbReopen)
}

func (h *Handlers) cancel(ctx context.Context, r Request) (Reply, error) {
	return h.withReason(ctx, r, incident.VerbCancel)
}

// because is a command that needs a reason: as its text, or by the form.
func (h *Handlers) withReason(ctx context.Context, r Request, v incident.Verb) (Reply, error) {
	ref, why := splitIncident(r)
	if why == "" {
		return h.forIncident(ctx, r, ref, h.openReasonForm(v))
	}
	return h.do(ctx, r, ref, reasonTransition(v, why))
}

// withReason is the transition of a verb that needs a reason.
func reasonTransition(v incident.Verb, why string) incident.Transition {
	return func(i incident.Incident, c incident.Origin) (incident.Change, error) {
		if v == incident.VerbReopen {
			return i.Reopen(c, why)
		}
		return i.Cancel(c, why)
	}
}

// about runs a handler for the incident that a text named.
func (h *Handlers) forIncident(ctx context.Context, r Request, ref incident.Ref, next Handler) (Reply, error) {
	r.Number = ref.Number
	return next(ctx, r)
}

func (h *Handlers) status(ctx context.Context, r Request) (Reply, error) {
	ref, err := incidentArgument(r)
	if err != nil {
		return Reply{}, err
	}
	i, err := h.incidents.Get(ctx, r.User, r.Channel, ref)
	if rejected(err, "no_incident_here") {
		return h.list(ctx, r)
	}
	if err != nil {
		return Reply{}, err
	}
	return reply(h.templates.Status(i))
}

func (h *Handlers) list(ctx context.Context, r Request) (Reply, error) {
	all, err := h.current(ctx, r)
	if err != nil {
		return Reply{}, err
	}
	return reply(h.templates.List(all))
}

// current is the open incidents that a person may know of, the worst first.
func (h *Handlers) current(ctx context.Context, r Request) ([]incident.Incident, error) {
	all, err := h.incidents.List(ctx, r.User, r.Channel)
	slices.SortStableFunc(all, func(a, b incident.Incident) int { return h.policy.Rank(a.Severity) - h.policy.Rank(b.Severity) })
	return all, err
}
