package handlers

import (
	"context"
	"slices"
	"strings"
	"time"

	"muster/internal/incident"
	"muster/templates"
)

// bare is /incident alone: an incident's controls inside its channel, the form
// to declare one elsewhere.
func (h *Handlers) bare(ctx context.Context, r Request) (Reply, error) {
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
	return h.declareWith(ctx, r, incident.Declaration{Severity: templates.NoSeverity})
}

func (h *Handlers) declareWith(ctx context.Context, r Request, prefill incident.Declaration) (Reply, error) {
	current, err := h.incidents.List(ctx, r.User, r.Channel)
	if err != nil {
		return Reply{}, err
	}
	return open(h.templates.DeclareView(prefill, current))
}

func (h *Handlers) declare(ctx context.Context, r Request) (Reply, error) {
	d, severity, err := parseDeclaration(r.Text)
	if err != nil {
		return Reply{}, err
	}
	if d.Title == "" || !severity {
		if !severity {
			d.Severity = templates.NoSeverity
		}
		return h.declareWith(ctx, r, d)
	}
	result, err := h.declareNow(ctx, r, d)
	if err != nil {
		return Reply{}, err
	}
	return reply(h.templates.Declared(result.Incident))
}

func (h *Handlers) declareNow(ctx context.Context, r Request, d incident.Declaration) (incident.Result, error) {
	return h.commit(ctx, r, incident.Ref{}, func(i incident.Incident, c incident.Cause) (incident.Change, error) {
		return i.Declare(c, d)
	})
}

// parseDeclaration reads "[P1] [private] [title]"; severity tells whether it
// was named.
func parseDeclaration(text string) (d incident.Declaration, severity bool, err error) {
	for range 2 { // in either order
		word, rest := cut(text)
		if s, ok := incident.ParseSeverity(word); ok && !severity {
			d.Severity, severity, text = s, true, rest
		} else if strings.EqualFold(word, "private") && !d.Private {
			d.Private, text = true, rest
		} else if sevLike.MatchString(word) {
			return d, false, unknownSeverity(word)
		}
	}
	d.Title = text
	return d, severity, nil
}

func unknownSeverity(word string) error {
	return incident.Rejectf("unknown_severity", "There is no severity `%s`. It has to be one of `P0` (critical), `P1` (high), `P2` (medium), `P3` (low).", word)
}

func (h *Handlers) acknowledge(ctx context.Context, r Request) (Reply, error) {
	return h.simple(ctx, r, incident.Incident.Acknowledge)
}

func (h *Handlers) close(ctx context.Context, r Request) (Reply, error) {
	return h.simple(ctx, r, incident.Incident.Close)
}

func (h *Handlers) retry(ctx context.Context, r Request) (Reply, error) {
	return h.simple(ctx, r, incident.Incident.Retry)
}

// simple is a command that takes nothing but the incident.
func (h *Handlers) simple(ctx context.Context, r Request, step incident.Transition) (Reply, error) {
	ref, err := only(r)
	if err != nil {
		return Reply{}, err
	}
	return h.do(ctx, r, ref, step)
}

func (h *Handlers) update(ctx context.Context, r Request) (Reply, error) {
	ref, text := target(r)
	if text == "" {
		return h.about(ctx, r, ref, h.form(h.templates.UpdateView))
	}
	var report incident.Report
	if word, rest := cut(text); rest != "" {
		if s, ok := incident.ParseWorking(strings.ToLower(word)); ok {
			report.Status, text = s, rest
		}
	}
	report.Text = text
	return h.do(ctx, r, ref, func(i incident.Incident, c incident.Cause) (incident.Change, error) {
		return i.Update(c, report)
	})
}

func (h *Handlers) severity(ctx context.Context, r Request) (Reply, error) {
	ref, word := target(r)
	if word == "" {
		return h.about(ctx, r, ref, h.form(h.templates.SeverityView))
	}
	to, ok := incident.ParseSeverity(word)
	if !ok {
		return Reply{}, unknownSeverity(word)
	}
	return h.do(ctx, r, ref, func(i incident.Incident, c incident.Cause) (incident.Change, error) {
		return i.ChangeSeverity(c, to)
	})
}

func (h *Handlers) assign(ctx context.Context, r Request) (Reply, error) {
	ref, text := target(r)
	if text == "" {
		return h.about(ctx, r, ref, h.form(h.templates.AssignView))
	}
	role, user, err := h.parseAssignment(text)
	if err != nil {
		return Reply{}, err
	}
	return h.do(ctx, r, ref, func(i incident.Incident, c incident.Cause) (incident.Change, error) {
		return i.Assign(c, role, user)
	})
}

// parseAssignment reads "tech lead @ana", "@ana tech_lead" or "@ana".
func (h *Handlers) parseAssignment(text string) (incident.Role, incident.UserID, error) {
	var user incident.UserID
	var words []string
	for word := range strings.FieldsSeq(text) {
		if m := userLink.FindStringSubmatch(word); m != nil && user == "" {
			user = incident.UserID(m[1])
		} else {
			words = append(words, word)
		}
	}
	if user == "" {
		who := words[len(words)-1]
		return "", "", incident.Rejectf("unknown_user", "I know nobody called `%s` in this workspace. Type `@` and pick the person, as in `/incident assign tech_lead @ana`.", who)
	}
	if len(words) == 0 {
		return incident.OnCallEngineer, user, nil
	}
	name := roleKey(strings.Join(words, " "))
	for _, known := range h.policy.Roles {
		if name == roleKey(string(known.Role)) || name == roleKey(known.Name) {
			return known.Role, user, nil
		}
	}
	var known []string
	for _, role := range h.policy.Roles {
		known = append(known, "`"+string(role.Role)+"`")
	}
	return "", "", incident.Rejectf("unknown_role", "There is no role `%s`. The roles are: "+strings.Join(known, ", ")+".", strings.Join(words, " "))
}

// roleKey makes "Tech Lead", "tech-lead" and "tech_lead" one.
func roleKey(s string) string {
	return strings.NewReplacer(" ", "_", "-", "_").Replace(strings.ToLower(s))
}

func (h *Handlers) escalate(ctx context.Context, r Request) (Reply, error) {
	ref, why := target(r)
	return h.do(ctx, r, ref, func(i incident.Incident, c incident.Cause) (incident.Change, error) {
		return i.Escalate(c, why)
	})
}

func (h *Handlers) snooze(ctx context.Context, r Request) (Reply, error) {
	ref, text := target(r)
	if text == "" {
		return h.about(ctx, r, ref, h.form(h.templates.SnoozeView))
	}
	length, err := time.ParseDuration(strings.ReplaceAll(text, " ", ""))
	if err != nil {
		return Reply{}, incident.Rejectf("bad_snooze", "`%s` is no length of time. Write it like `30m` or `1h30m`.", text)
	}
	return h.putOff(ctx, r, ref, length)
}

func (h *Handlers) putOff(ctx context.Context, r Request, ref incident.Ref, length time.Duration) (Reply, error) {
	return h.do(ctx, r, ref, func(i incident.Incident, c incident.Cause) (incident.Change, error) {
		return i.Snooze(c, length)
	})
}

func (h *Handlers) resolve(ctx context.Context, r Request) (Reply, error) {
	ref, summary := target(r)
	if summary == "" {
		return h.about(ctx, r, ref, h.form(h.templates.ResolveView))
	}
	return h.do(ctx, r, ref, func(i incident.Incident, c incident.Cause) (incident.Change, error) {
		return i.Resolve(c, incident.Resolving{Summary: summary})
	})
}

func (h *Handlers) reopen(ctx context.Context, r Request) (Reply, error) {
	return h.because(ctx, r, incident.Reopen)
}

func (h *Handlers) cancel(ctx context.Context, r Request) (Reply, error) {
	return h.because(ctx, r, incident.Cancel)
}

// because is a command that needs a reason: as its text, or by the form.
func (h *Handlers) because(ctx context.Context, r Request, v incident.Verb) (Reply, error) {
	ref, why := target(r)
	if why == "" {
		return h.about(ctx, r, ref, h.reason(v))
	}
	return h.do(ctx, r, ref, withReason(v, why))
}

// withReason is the transition of a verb that needs a reason.
func withReason(v incident.Verb, why string) incident.Transition {
	return func(i incident.Incident, c incident.Cause) (incident.Change, error) {
		if v == incident.Reopen {
			return i.Reopen(c, why)
		}
		return i.Cancel(c, why)
	}
}

// about runs a handler for the incident that a text named.
func (h *Handlers) about(ctx context.Context, r Request, ref incident.Ref, next Handler) (Reply, error) {
	r.Number = ref.Number
	return next(ctx, r)
}

func (h *Handlers) status(ctx context.Context, r Request) (Reply, error) {
	ref, err := only(r)
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
	all, err := h.incidents.List(ctx, r.User, r.Channel)
	if err != nil {
		return Reply{}, err
	}
	slices.SortStableFunc(all, func(a, b incident.Incident) int { return int(a.Severity) - int(b.Severity) })
	return reply(h.templates.List(all))
}
