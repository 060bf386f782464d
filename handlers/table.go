package handlers

import (
	"muster/internal/incident"
	"muster/templates"
)

// Command is one word behind /incident.
type Command struct {
	Names   []string // the first is its name, the rest are synonyms
	Usage   string   // what follows the name
	Summary string
	Handle  Handler
}

// table maps all that Slack can send to who handles it.
type table struct {
	commands  []Command
	actions   map[string]Handler // by action_id
	menu      map[templates.Choice]Handler
	views     map[string]Handler // by callback_id
	shortcuts map[string]Handler // by callback_id
}

func (h *Handlers) table() table {
	return table{
		commands: []Command{
			{[]string{"declare", "new", "open", "create"}, "[P0–P3] [private] [title]", "Declare an incident; leave out the title to open the form", h.declare},
			{[]string{"ack", "acknowledge"}, "[INC-7]", "Acknowledge: you're working on it", h.acknowledge},
			{[]string{"update"}, "[identified|monitoring|investigating] [text]", "Post an update; add a status to change it", h.update},
			{[]string{"severity", "sev"}, "[P0–P3]", "Change the severity", h.severity},
			{[]string{"assign", "role"}, "[role] @person", "Give someone a role; leave out the role to make them on-call engineer", h.assign},
			{[]string{"escalate"}, "[reason]", "Page the next level now", h.escalate},
			{[]string{"snooze"}, "[30m]", "Snooze the next update reminder", h.snooze},
			{[]string{"resolve"}, "[what fixed it]", "Resolve the incident", h.resolve},
			{[]string{"reopen"}, "[reason]", "Reopen it: the problem is back", h.reopen},
			{[]string{"cancel"}, "[reason]", "Not an incident: false alarm, duplicate or test", h.cancel},
			{[]string{"close"}, "[INC-7]", "Close a resolved incident", h.close},
			{[]string{"retry"}, "[INC-7]", "Retry failed deliveries", h.retry},
			{[]string{"status", "show"}, "[INC-7]", "Show an incident", h.status},
			{[]string{"list", "ls"}, "", "List the open incidents", h.list},
			{[]string{"help"}, "", "Show these commands", h.help},
		},
		actions: map[string]Handler{
			templates.ActionAcknowledge: h.acknowledge,
			templates.ActionUpdate:      h.openForm(h.templates.UpdateView),
			templates.ActionEscalate:    h.openForm(h.templates.EscalateView),
			templates.ActionResolve:     h.openForm(h.templates.ResolveView),
			templates.ActionSnooze:      h.snoozeNow,
			templates.ActionRetry:       h.retry,
			templates.ActionClose:       h.close,
			templates.ActionReopen:      h.openReasonForm(incident.VerbReopen),
			templates.ActionMore:        nil, // the menu below says who handles each choice
		},
		menu: map[templates.Choice]Handler{
			templates.ChoiceSeverity: h.openForm(h.templates.SeverityView),
			templates.ChoiceAssign:   h.openForm(h.templates.AssignView),
			templates.ChoiceSnooze:   h.openForm(h.templates.SnoozeView),
			templates.ChoiceCancel:   h.openReasonForm(incident.VerbCancel),
		},
		views: map[string]Handler{
			templates.ViewDeclare:  h.submitDeclare,
			templates.ViewUpdate:   h.submitUpdate,
			templates.ViewResolve:  h.submitResolve,
			templates.ViewSeverity: h.submitSeverity,
			templates.ViewAssign:   h.submitAssign,
			templates.ViewSnooze:   h.submitSnooze,
			templates.ViewEscalate: h.submitEscalate,
			templates.ViewReopen:   h.submitReopen,
			templates.ViewCancel:   h.submitCancel,
		},
		shortcuts: map[string]Handler{
			"incident_declare": h.declareForm,
		},
	}
}
