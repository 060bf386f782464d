package handlers

import (
	"regexp"
	"strings"

	"muster/internal/incident"
	"muster/internal/policy"
	"muster/internal/slackid"
	"muster/templates"
)

var declare = command[incident.Declaration]{
	head:  head{name: incident.VerbDeclare, words: []string{"declare", "new", "open", "create"}, free: true},
	parse: parseDeclaration,
	form: &form[incident.Declaration]{
		asks: func(d incident.Declaration) bool { return d.Title == "" || d.Severity == "" },
		fields: func(f *templates.Form, _ incident.Incident, d incident.Declaration) {
			f.Line(incident.FieldTitle, slackid.Words(d.Title))
			f.Severity(incident.FieldSeverity, d.Severity)
			f.Paragraph(incident.FieldImpact, d.Impact).Optional()
			f.Checkbox(incident.FieldPrivate, d.Private).Optional()
		},
		read: func(s templates.Sent) incident.Declaration {
			return incident.Declaration{
				Title: s.Text(incident.FieldTitle), Impact: s.Text(incident.FieldImpact),
				Severity: policy.Severity(s.Choice(incident.FieldSeverity)), Private: s.Checked(incident.FieldPrivate),
			}
		},
	},
	step: incident.Incident.Declare,
	answer: func(t *templates.Templates, result incident.Result) (templates.Reply, error) {
		return t.Declared(result.Incident)
	},
}

// parseDeclaration reads "[P1] [private] [title]", or "P1: title".
func parseDeclaration(in typed) (incident.Declaration, error) {
	d, text := incident.Declaration{}, in.text
	for range 2 { // in either order
		word, rest, _ := cutLabel(text)
		s, known := in.policy.ParseSeverity(word)
		switch {
		case known && d.Severity == "":
			d.Severity, text = s, rest
		case strings.EqualFold(word, "private") && !d.Private:
			d.Private, text = true, rest
		case known:
			return d, incident.Reject("unknown_severity", incident.Args{"first": d.Severity, "second": s})
		case severityLike.MatchString(word):
			return d, incident.Reject("unknown_severity", incident.Args{"word": word})
		}
	}
	d.Title = text
	return d, nil
}

// beginsDeclaration reports whether a word is one that a declaration begins with.
func beginsDeclaration(p policy.Policy, word string) bool {
	_, known := p.ParseSeverity(word)
	return known || severityLike.MatchString(word) || strings.EqualFold(word, "private")
}

var severityLike = regexp.MustCompile(`(?i)^(?:p|sev)-?[0-9]+$`)
