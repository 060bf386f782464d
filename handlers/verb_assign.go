package handlers

import (
	"context"
	"regexp"
	"slices"
	"strings"

	"muster/internal/incident"
	"muster/internal/policy"
	"muster/internal/slackid"
	"muster/templates"
)

var assign = command[incident.Assignment]{
	head:  head{name: incident.VerbAssign, words: []string{"assign", "role"}},
	parse: parseAssignment,
	form: &form[incident.Assignment]{
		asks: func(a incident.Assignment) bool { return a.User == "" },
		fields: func(f *templates.Form, _ incident.Incident, _ incident.Assignment) {
			f.Role(incident.FieldRole)
			f.User(incident.FieldUser)
		},
		read: func(s templates.Sent) incident.Assignment {
			return incident.Assignment{Role: policy.Role(s.Choice(incident.FieldRole)), User: s.User(incident.FieldUser)}
		},
	},
	complete: func(_ context.Context, h *Handlers, _ Request, a incident.Assignment) (incident.Assignment, error) {
		if a.User == h.self {
			return a, incident.InField(incident.FieldUser, incident.Reject("unknown_user", nil))
		}
		return a, nil
	},
	step: incident.Incident.Assign,
}

// parseAssignment reads "tech lead @ana", "@ana as techlead", "@ana" or "me".
func parseAssignment(in typed) (incident.Assignment, error) {
	var users []slackid.User
	var words []string
	for word := range strings.FieldsSeq(in.text) {
		word = strings.Trim(word, separators+dashes)
		if m := userLink.FindStringSubmatch(word); m != nil {
			users = append(users, slackid.User(m[1]))
		} else if strings.EqualFold(word, "me") {
			users = append(users, in.by)
		} else if word != "" && !slices.Contains(fillers, strings.ToLower(word)) {
			words = append(words, word)
		}
	}
	name := strings.Join(words, " ")
	role, known := roleNamed(in.policy, name)
	switch {
	case in.text == "":
		return incident.Assignment{}, nil
	case len(users) > 1:
		return incident.Assignment{}, incident.Reject("too_many_users", nil)
	case len(users) == 0 && known:
		return incident.Assignment{}, incident.Reject("missing_user", nil)
	case len(users) == 0 && name == "":
		return incident.Assignment{}, incident.Reject("missing_user", nil)
	case len(users) == 0:
		return incident.Assignment{}, incident.Reject("unknown_user", incident.Args{"word": words[len(words)-1]})
	case name == "":
		role = policy.OnCallEngineer
	case !known:
		return incident.Assignment{}, incident.Reject("unknown_role", incident.Args{"word": name})
	}
	return incident.Assignment{Role: role, User: users[0]}, nil
}

// fillers are the words between a role and a person that say nothing.
var fillers = []string{"as", "to", "is", "the"}

var userLink = regexp.MustCompile(`^<@([UW][A-Z0-9]+)(?:\|[^>]*)?>$`)

// roleNamed finds a role by its key or its name.
func roleNamed(p policy.Policy, name string) (policy.Role, bool) {
	for _, known := range p.Roles {
		if key := roleKey(name); key == roleKey(string(known.Role)) || key == roleKey(known.Name) {
			return known.Role, true
		}
	}
	return "", false
}

// roleKey makes "Tech Lead", "tech-lead", "tech_lead" and "techlead" one.
func roleKey(s string) string {
	return strings.NewReplacer(" ", "", "-", "", "_", "").Replace(strings.ToLower(s))
}
