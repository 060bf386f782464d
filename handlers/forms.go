package handlers

import (
	"context"

	"muster/internal/incident"
	"muster/templates"
)

// submitDeclare answers in the form itself: whoever declares may be anywhere.
func (h *Handlers) submitDeclare(ctx context.Context, r Request) (Reply, error) {
	result, err := h.declareNow(ctx, r, templates.ParseDeclare(r.Form))
	if err != nil {
		return Reply{}, err
	}
	said, err := h.templates.Declared(result.Incident)
	if err != nil {
		return Reply{}, err
	}
	done := h.templates.MessageView("Incident declared", said.Text)
	return Reply{Show: &done}, nil
}

func (h *Handlers) submitUpdate(ctx context.Context, r Request) (Reply, error) {
	report := templates.ParseUpdate(r.Form)
	if report.Status == r.Opened.Status {
		report.Status = "" // left as it was: somebody may have moved it meanwhile
	}
	return h.do(ctx, r, r.ref(), func(i incident.Incident, c incident.Origin) (incident.Change, error) {
		return i.Update(c, report)
	})
}

func (h *Handlers) submitResolve(ctx context.Context, r Request) (Reply, error) {
	resolving := templates.ParseResolve(r.Form)
	return h.do(ctx, r, r.ref(), func(i incident.Incident, c incident.Origin) (incident.Change, error) {
		return i.Resolve(c, resolving)
	})
}

func (h *Handlers) submitSeverity(ctx context.Context, r Request) (Reply, error) {
	to := templates.ParseSeverity(r.Form)
	return h.do(ctx, r, r.ref(), func(i incident.Incident, c incident.Origin) (incident.Change, error) {
		return i.ChangeSeverity(c, to)
	})
}

func (h *Handlers) submitAssign(ctx context.Context, r Request) (Reply, error) {
	role, user := templates.ParseAssign(r.Form)
	if user == h.self {
		return Reply{}, rejectMuster()
	}
	return h.assignTo(ctx, r, r.ref(), role, user)
}

func (h *Handlers) submitSnooze(ctx context.Context, r Request) (Reply, error) {
	return h.snoozeFor(ctx, r, r.ref(), templates.ParseSnooze(r.Form))
}

func (h *Handlers) submitEscalate(ctx context.Context, r Request) (Reply, error) {
	why := templates.ParseEscalate(r.Form)
	return h.do(ctx, r, r.ref(), func(i incident.Incident, c incident.Origin) (incident.Change, error) {
		return i.Escalate(c, r.Opened.Next, why)
	})
}

func (h *Handlers) submitReopen(ctx context.Context, r Request) (Reply, error) {
	return h.do(ctx, r, r.ref(), reasonTransition(incident.VerbReopen, templates.ParseReason(r.Form)))
}

func (h *Handlers) submitCancel(ctx context.Context, r Request) (Reply, error) {
	return h.do(ctx, r, r.ref(), reasonTransition(incident.VerbCancel, templates.ParseReason(r.Form)))
}
