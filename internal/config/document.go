package config

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"muster/internal/policy"
	"muster/internal/slackid"
)

// document is a configuration as it was written: the schema, with the place of
// whatever a check might complain of.
type document struct {
	severities map[policy.Severity]*severity
	levels     []level
	levelsAt   Place
	roles      []role
	holders    []holder
	peopleAt   Place
	announce   slackid.Channel
}

type severity struct {
	name, meaning    string
	response, update time.Duration
	escalate         []step
}

type step struct {
	to    placed[policy.Level]
	after placed[time.Duration]
}

type level struct {
	name  string
	roles []placed[string]
}

type role struct {
	key, name string
}

type holder struct {
	role    placed[string]
	people  policy.People
	doubted bool // somebody is meant, but it is not clear who
}

// read puts a file's values on top of what the document already has.
func (d *document) read(r *Reader, n Node) {
	r.Object(n, "the configuration",
		Field{Key: "severities", Read: func(n Node) { d.readSeverities(r, n) }},
		Field{Key: "levels", Read: func(n Node) { d.readLevels(r, n) }},
		Field{Key: "roles", Read: func(n Node) { d.readRoles(r, n) }},
		Field{Key: "people", Read: func(n Node) { d.readPeople(r, n) }},
		Field{Key: "channels", Read: func(n Node) {
			r.Object(n, "channels", Field{Key: "announce", Read: func(n Node) { d.readAnnounce(r, n) }})
		}},
	)
}

func (d *document) readSeverities(r *Reader, n Node) {
	known := make([]string, 0, 4)
	for _, s := range policy.Severities() {
		known = append(known, s.String())
	}
	for _, e := range r.Pairs(n, "severities") {
		i := slices.Index(known, e.Key)
		if i < 0 {
			right := "it has to be one of " + strings.Join(known, ", ")
			if s, ok := policy.ParseSeverity(e.Key); ok {
				right = "write " + s.String()
			}
			r.Problem(e.At, fmt.Sprintf("unknown severity %q", e.Key), right)
			continue
		}
		s := policy.Severities()[i]
		if d.severities[s] == nil {
			d.severities[s] = &severity{}
		}
		d.severities[s].read(r, e.Value, e.Key)
	}
}

func (s *severity) read(r *Reader, n Node, name string) {
	r.Object(n, name,
		Field{Key: "name", Read: func(n Node) { r.Text(n, name+"'s name", &s.name) }},
		Field{Key: "meaning", Read: func(n Node) { r.Text(n, name+"'s meaning", &s.meaning) }},
		Field{Key: "response", Read: func(n Node) { r.duration(n, name+"'s response", aDeadline, &s.response) }},
		Field{Key: "update", Read: func(n Node) { r.duration(n, name+"'s update", aDeadline, &s.update) }},
		Field{Key: "escalate", Read: func(n Node) {
			if nodes, ok := r.List(n, name+"'s escalate"); ok {
				s.escalate = make([]step, len(nodes))
				for i, n := range nodes {
					s.escalate[i].read(r, n, name+"'s escalation step")
				}
			}
		}},
	)
}

func (s *step) read(r *Reader, n Node, name string) {
	r.Object(n, name,
		Field{Key: "to", Required: true, Read: func(n Node) { r.level(n, name, &s.to) }},
		Field{Key: "after", Required: true, Read: func(n Node) {
			if r.duration(n, "after", aStep, &s.after.value) {
				s.after.at = r.Place(n)
			}
		}},
	)
}

var levelForm = regexp.MustCompile(`^L[1-9]\d?$`)

// level reads a level's number: L2.
func (r *Reader) level(n Node, name string, into *placed[policy.Level]) {
	var word string
	if !r.Text(n, name+"'s to", &word) {
		return
	}
	if !levelForm.MatchString(word) {
		r.Problem(r.Place(n), fmt.Sprintf("%q is no level", word), "write L2, L3 …")
		return
	}
	number, err := strconv.Atoi(word[1:])
	if err != nil {
		panic("config: " + err.Error()) // one or two digits: cannot happen
	}
	*into = placed[policy.Level]{policy.Level(number), r.Place(n)}
}

func (d *document) readLevels(r *Reader, n Node) {
	nodes, ok := r.List(n, "levels")
	if !ok {
		return
	}
	d.levels, d.levelsAt = make([]level, len(nodes)), r.Place(n)
	for i, n := range nodes {
		d.levels[i].read(r, n, policy.Level(i+1).String())
	}
	if len(nodes) == 0 {
		r.Problem(r.Place(n), "there are no levels", "add one at least: - {name: On-call engineer, roles: [on_call_engineer]}")
	}
}

func (l *level) read(r *Reader, n Node, name string) {
	r.Object(n, name,
		Field{Key: "name", Required: true, Read: func(n Node) { r.Text(n, name+"'s name", &l.name) }},
		Field{Key: "roles", Required: true, Read: func(n Node) {
			nodes, ok := r.List(n, name+"'s roles")
			if !ok {
				return
			}
			l.roles = make([]placed[string], len(nodes))
			for i, n := range nodes {
				if r.Text(n, "this role of "+name, &l.roles[i].value) {
					l.roles[i].at = r.Place(n)
				}
			}
			if len(nodes) == 0 {
				r.Problem(r.Place(n), name+" has no roles", "name one at least, else it calls nobody")
			}
		}},
	)
}

var roleForm = regexp.MustCompile(`^[a-z][a-z0-9_]{0,39}$`)

func (d *document) readRoles(r *Reader, n Node) {
	for _, e := range r.Pairs(n, "roles") {
		if !roleForm.MatchString(e.Key) {
			r.Problem(e.At, fmt.Sprintf("%q cannot name a role", e.Key), "use small letters, digits and _, as in tech_lead; how people see it is its name")
			continue
		}
		i := slices.IndexFunc(d.roles, func(known role) bool { return known.key == e.Key })
		isNew := i < 0
		if isNew {
			i = len(d.roles)
			d.roles = append(d.roles, role{key: e.Key})
		}
		r.Object(e.Value, "the role "+e.Key,
			Field{Key: "name", Required: isNew, Read: func(n Node) { r.Text(n, "the role's name", &d.roles[i].name) }})
	}
}

func (d *document) readPeople(r *Reader, n Node) {
	d.holders = nil
	for _, e := range r.Pairs(n, "people") {
		d.peopleAt = r.Place(n)
		h, before := holder{role: placed[string]{e.Key, e.At}}, len(r.problems)
		nodes, _ := r.List(e.Value, e.Key)
		for i, n := range nodes {
			var id string
			if !r.Text(n, "this holder of "+e.Key, &id) {
				continue
			}
			if slices.ContainsFunc(nodes[:i], func(other Node) bool { return other.GetToken().Value == id }) {
				r.Problem(r.Place(n), fmt.Sprintf("%s holds %s twice", id, e.Key), "keep one of the two")
			} else if !addPerson(&h.people, id) {
				r.Problem(r.Place(n), fmt.Sprintf("%q is no person's ID", id), personLike(id))
			}
		}
		h.doubted = len(r.problems) > before
		d.holders = append(d.holders, h)
	}
}

func (d *document) readAnnounce(r *Reader, n Node) {
	if empty(n) {
		r.Problem(r.Place(n), "announce has no value (what follows # is a comment)", channelRight)
		return
	}
	var id string
	if !r.Text(n, "announce", &id) {
		return
	}
	if !channelForm.MatchString(id) {
		r.Problem(r.Place(n), fmt.Sprintf("%q is no channel's ID", id), channelLike(id))
		return
	}
	d.announce = slackid.Channel(id)
}

// policy is the document as the domain wants it. It has to have been checked.
func (d *document) policy() policy.Policy {
	p := policy.Policy{Severities: map[policy.Severity]policy.SeverityPolicy{}, Announce: d.announce}
	for s, rules := range d.severities {
		var steps []policy.Step
		for _, step := range rules.escalate {
			steps = append(steps, policy.Step{To: step.to.value, After: step.after.value})
		}
		p.Severities[s] = policy.SeverityPolicy{
			Name: rules.name, Meaning: rules.meaning, Response: rules.response, Update: rules.update, Escalate: steps,
		}
	}
	for _, l := range d.levels {
		var roles []policy.Role
		for _, r := range l.roles {
			roles = append(roles, policy.Role(r.value))
		}
		p.Levels = append(p.Levels, policy.LevelPolicy{Name: l.name, Roles: roles})
	}
	for _, r := range d.roles {
		rules := policy.RolePolicy{Role: policy.Role(r.key), Name: r.name}
		for _, h := range d.holders {
			if h.role.value == r.key {
				rules.Holder = h.people
			}
		}
		p.Roles = append(p.Roles, rules)
	}
	return p
}
