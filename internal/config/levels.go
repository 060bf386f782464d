package config

import (
	"fmt"
	"slices"

	"muster/internal/policy"
	"muster/internal/yamlfile"
)

// levels are the escalation ladder, L1 first.
type levels struct {
	rows []level
	at   yamlfile.Place
}

type level struct {
	name  yamlfile.Placed[string]
	roles []yamlfile.Placed[string]
}

func (l *levels) value() yamlfile.Value {
	rows := yamlfile.List(&l.rows, (*level).value, func(_ string, i int) string { return policy.Level(i + 1).String() })
	return yamlfile.Located(&l.at, yamlfile.Filled(rows, "add one at least: - {name: On-call engineer, roles: [on_call_engineer]}"))
}

func (l *level) value() yamlfile.Value {
	roles := yamlfile.List(&l.roles, yamlfile.Text, each("this role of"))
	return yamlfile.Object(
		yamlfile.Property{Key: "name", Required: true, Value: yamlfile.Text(&l.name)},
		yamlfile.Property{Key: "roles", Required: true, Value: yamlfile.Filled(roles, "name one at least, else it calls nobody")},
	)
}

// check makes sure that each level calls roles that exist.
func (l *levels) check(r *yamlfile.Reader, d *document) {
	known := d.roles.keys()
	for n, l := range l.rows {
		for i, called := range l.roles {
			switch {
			case !called.At.Written():
			case !slices.Contains(known, called.Value):
				r.Problem(called.At, fmt.Sprintf("unknown role %q", called.Value), yamlfile.OneOf(called.Value, known))
			case slices.ContainsFunc(l.roles[:i], func(other yamlfile.Placed[string]) bool { return other.Value == called.Value }):
				r.Problem(called.At, fmt.Sprintf("L%d has the role %s twice", n+1, called.Value), "keep one of the two")
			}
		}
	}
}

func (l *levels) apply(p *policy.Policy) {
	for _, l := range l.rows {
		rules := policy.LevelPolicy{Name: l.name.Value}
		for _, r := range l.roles {
			rules.Roles = append(rules.Roles, policy.Role(r.Value))
		}
		p.Levels = append(p.Levels, rules)
	}
}
