package config

import (
	"fmt"
	"slices"
	"strings"

	"muster/internal/policy"
	"muster/internal/slackid"
	"muster/internal/yamlfile"
)

// people are the holders of the roles.
type people struct {
	holders []*holder
	at      yamlfile.Place
}

type holder struct {
	role    yamlfile.Placed[string]
	ids     []yamlfile.Placed[string] // of users and user groups
	doubted bool                      // somebody is meant, but it is not clear who
}

func (p *people) value() yamlfile.Value {
	v := yamlfile.Mapping{Keys: roleForm.String(), New: new(holder).value().Schema, Entry: p.entry}.Value()
	read := v.Read
	v.Read = func(r *yamlfile.Reader, n yamlfile.Node, name string) {
		p.holders = nil // the file's people replace the default ones, who are nobody
		if read(r, n, name); len(p.holders) > 0 {
			p.at = r.Place(n)
		}
	}
	return v
}

func (p *people) entry(_ *yamlfile.Reader, e yamlfile.Pair) (yamlfile.Value, bool) {
	h := &holder{role: yamlfile.Placed[string]{Value: e.Key, At: e.At}}
	p.holders = append(p.holders, h)
	return h.value(), true
}

func (h *holder) value() yamlfile.Value {
	id := func(into *yamlfile.Placed[string]) yamlfile.Value { return yamlfile.Formed(personForm, into) }
	v := yamlfile.List(&h.ids, id, func(role string, _ int) string { return "this holder of " + role })
	read := v.Read
	v.Read = func(r *yamlfile.Reader, n yamlfile.Node, name string) {
		before := r.Len()
		read(r, n, name)
		h.doubted = r.Len() > before
	}
	return v
}

// check makes sure that the people cover each role that the clock may call. A
// file that names nobody at all is fine, see [people.warnings].
func (p *people) check(r *yamlfile.Reader, d *document) {
	known := d.roles.keys()
	held := map[string]bool{}
	empties := map[string]yamlfile.Place{}
	for _, h := range p.holders {
		h.checkTwice(r)
		name := h.role.Value
		if !slices.Contains(known, name) {
			r.Problem(h.role.At, fmt.Sprintf("unknown role %q", name), yamlfile.OneOf(name, known))
			held[yamlfile.Nearest(name, known)] = true // mistyped is not missing
			continue
		}
		held[name] = h.doubted || len(h.ids) > 0
		empties[name] = h.role.At
	}
	if !p.at.Written() {
		return
	}
	for n, l := range d.levels.rows {
		why, called := d.calledFor(policy.Level(n + 1))
		if !called {
			continue
		}
		for _, role := range l.roles {
			name := role.Value
			if held[name] || !slices.Contains(known, name) {
				continue
			}
			held[name] = true // said once is enough
			r.Problem(firstWritten(empties[name], role.At, p.at),
				fmt.Sprintf("nobody holds the role %s, which L%d calls %s", name, n+1, why),
				fmt.Sprintf("add somebody to people: %q", name+": [U061F7AUR]"))
		}
	}
}

// checkTwice makes sure that a role names each of its holders once.
func (h *holder) checkTwice(r *yamlfile.Reader) {
	for i, id := range h.ids {
		same := func(other yamlfile.Placed[string]) bool { return other.Value == id.Value }
		if id.Value != "" && slices.ContainsFunc(h.ids[:i], same) {
			r.Problem(id.At, fmt.Sprintf("%s holds %s twice", id.Value, h.role.Value), "keep one of the two")
		}
	}
}

// calledFor says when a level is called without anybody asking for it.
func (d *document) calledFor(l policy.Level) (why string, called bool) {
	if l == 1 {
		return "for every incident", true
	}
	var by []string
	for _, s := range d.severities {
		if slices.ContainsFunc(s.escalate, func(step step) bool { return step.level() == l }) {
			by = append(by, string(s.key))
		}
	}
	return "for " + strings.Join(by, ", "), len(by) > 0
}

// warnings returns what works, but hardly as it is meant.
func (p *people) warnings() []string {
	if p.at.Written() {
		return nil
	}
	return []string{"nobody is configured: incidents will have a channel and reminders, but no level calls anybody; name who holds each role under people"}
}

func (p *people) apply(to *policy.Policy) {
	for _, h := range p.holders {
		var users []slackid.User
		var groups []slackid.Group
		for _, id := range h.ids {
			if strings.HasPrefix(id.Value, "S") {
				groups = append(groups, slackid.Group(id.Value))
			} else {
				users = append(users, slackid.User(id.Value))
			}
		}
		for n, r := range to.Roles {
			if string(r.Role) == h.role.Value {
				to.Roles[n].Holder = policy.NewPeople(users, groups)
			}
		}
	}
}
