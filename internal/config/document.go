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
	"muster/internal/yamlfile"
)

// document is a configuration as it was written: the schema, with the place of
// whatever a check might complain of.
type document struct {
	severities []*severity // from the worst
	levels     []level
	levelsAt   yamlfile.Place
	roles      []role
	holders    []holder
	peopleAt   yamlfile.Place
	announce   slackid.Channel
}

type severity struct {
	key              policy.Severity
	name             yamlfile.Placed[string]
	synonyms         []yamlfile.Placed[string]
	meaning          string
	response, update time.Duration
	escalate         []step
}

type step struct {
	to    yamlfile.Placed[policy.Level]
	after yamlfile.Placed[time.Duration]
}

type level struct {
	name  string
	roles []yamlfile.Placed[string]
}

type role struct {
	key, name string
}

type holder struct {
	role    yamlfile.Placed[string]
	people  policy.People
	doubted bool // somebody is meant, but it is not clear who
}

// read puts a file's values on top of what the document already has.
func (d *document) read(r *yamlfile.Reader, n yamlfile.Node) {
	r.Object(n, "the configuration",
		yamlfile.Field{Key: "severities", Read: func(n yamlfile.Node) { d.readSeverities(r, n) }},
		yamlfile.Field{Key: "levels", Read: func(n yamlfile.Node) { d.readLevels(r, n) }},
		yamlfile.Field{Key: "roles", Read: func(n yamlfile.Node) { d.readRoles(r, n) }},
		yamlfile.Field{Key: "people", Read: func(n yamlfile.Node) { d.readPeople(r, n) }},
		yamlfile.Field{Key: "channels", Read: func(n yamlfile.Node) {
			r.Object(n, "channels", yamlfile.Field{Key: "announce", Read: func(n yamlfile.Node) { d.readAnnounce(r, n) }})
		}},
	)
}

var severityForm = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9_-]{0,19}$`)

func (d *document) readSeverities(r *yamlfile.Reader, n yamlfile.Node) {
	for _, e := range r.Pairs(n, "severities") {
		if !severityForm.MatchString(e.Key) {
			r.Problem(e.At, fmt.Sprintf("%q cannot be a severity's key", e.Key), "use a letter, then letters, digits, - and _, such as P4; its name can be any text")
			continue
		}
		if s := d.severity(e.Key); s != nil {
			s.read(r, e.Value, e.Key, false)
			continue
		}
		if known := d.meant(e.Key); known != nil {
			r.Problem(e.At, fmt.Sprintf("%q is another word for the severity %s", e.Key, known.key), "write "+string(known.key))
			continue
		}
		s := &severity{key: policy.Severity(e.Key)}
		d.severities = append(d.severities, s)
		s.read(r, e.Value, e.Key, true)
	}
}

// severity returns the severity of that key, nil if there is none.
func (d *document) severity(key string) *severity {
	for _, s := range d.severities {
		if string(s.key) == key {
			return s
		}
	}
	return nil
}

// meant returns the severity that a word means in other letters, by its name or
// by a synonym; nil if it means none.
func (d *document) meant(word string) *severity {
	for _, s := range d.severities {
		if s.is(word) {
			return s
		}
	}
	return nil
}

// is reports whether a word means this severity.
func (s *severity) is(word string) bool {
	same := func(name string) bool { return strings.EqualFold(name, word) }
	return same(string(s.key)) || same(s.name.Value) ||
		slices.ContainsFunc(s.synonyms, func(synonym yamlfile.Placed[string]) bool { return same(synonym.Value) })
}

// read reads one severity. A new one has to be whole, since it has no defaults.
func (s *severity) read(r *yamlfile.Reader, n yamlfile.Node, name string, isNew bool) {
	r.Object(n, name,
		yamlfile.Field{Key: "name", Required: isNew, Read: func(n yamlfile.Node) {
			if r.Text(n, name+"'s name", &s.name.Value) {
				s.name.At = r.Place(n)
			}
		}},
		yamlfile.Field{Key: "synonyms", Read: func(n yamlfile.Node) {
			nodes, ok := r.List(n, name+"'s synonyms")
			if !ok {
				return
			}
			s.synonyms = make([]yamlfile.Placed[string], len(nodes))
			for i, n := range nodes {
				if r.Text(n, "this synonym of "+name, &s.synonyms[i].Value) {
					s.synonyms[i].At = r.Place(n)
				}
			}
		}},
		yamlfile.Field{Key: "meaning", Required: isNew, Read: func(n yamlfile.Node) { r.Text(n, name+"'s meaning", &s.meaning) }},
		yamlfile.Field{Key: "response", Required: isNew, Read: func(n yamlfile.Node) { r.Duration(n, name+"'s response", aDeadline, &s.response) }},
		yamlfile.Field{Key: "update", Required: isNew, Read: func(n yamlfile.Node) { r.Duration(n, name+"'s update", aDeadline, &s.update) }},
		yamlfile.Field{Key: "escalate", Read: func(n yamlfile.Node) {
			if nodes, ok := r.List(n, name+"'s escalate"); ok {
				s.escalate = make([]step, len(nodes))
				for i, n := range nodes {
					s.escalate[i].read(r, n, name+"'s escalation step")
				}
			}
		}},
	)
}

func (s *step) read(r *yamlfile.Reader, n yamlfile.Node, name string) {
	r.Object(n, name,
		yamlfile.Field{Key: "to", Required: true, Read: func(n yamlfile.Node) { readLevel(r, n, name, &s.to) }},
		yamlfile.Field{Key: "after", Required: true, Read: func(n yamlfile.Node) {
			if r.Duration(n, "after", aStep, &s.after.Value) {
				s.after.At = r.Place(n)
			}
		}},
	)
}

// The clock ticks in seconds, and nobody waits for an incident longer than a month.
var (
	aDeadline = yamlfile.Bounds{Least: time.Second, Most: 30 * 24 * time.Hour}
	aStep     = yamlfile.Bounds{Least: 0, Most: 30 * 24 * time.Hour} // 0 = at once
)

var levelForm = regexp.MustCompile(`^L[1-9]\d?$`)

// readLevel reads a level's number: L2.
func readLevel(r *yamlfile.Reader, n yamlfile.Node, name string, into *yamlfile.Placed[policy.Level]) {
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
	*into = yamlfile.Placed[policy.Level]{Value: policy.Level(number), At: r.Place(n)}
}

func (d *document) readLevels(r *yamlfile.Reader, n yamlfile.Node) {
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

func (l *level) read(r *yamlfile.Reader, n yamlfile.Node, name string) {
	r.Object(n, name,
		yamlfile.Field{Key: "name", Required: true, Read: func(n yamlfile.Node) { r.Text(n, name+"'s name", &l.name) }},
		yamlfile.Field{Key: "roles", Required: true, Read: func(n yamlfile.Node) {
			nodes, ok := r.List(n, name+"'s roles")
			if !ok {
				return
			}
			l.roles = make([]yamlfile.Placed[string], len(nodes))
			for i, n := range nodes {
				if r.Text(n, "this role of "+name, &l.roles[i].Value) {
					l.roles[i].At = r.Place(n)
				}
			}
			if len(nodes) == 0 {
				r.Problem(r.Place(n), name+" has no roles", "name one at least, else it calls nobody")
			}
		}},
	)
}

var roleForm = regexp.MustCompile(`^[a-z][a-z0-9_]{0,39}$`)

func (d *document) readRoles(r *yamlfile.Reader, n yamlfile.Node) {
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
			yamlfile.Field{Key: "name", Required: isNew, Read: func(n yamlfile.Node) { r.Text(n, "the role's name", &d.roles[i].name) }})
	}
}

func (d *document) readPeople(r *yamlfile.Reader, n yamlfile.Node) {
	d.holders = nil
	for _, e := range r.Pairs(n, "people") {
		d.peopleAt = r.Place(n)
		h, before := holder{role: yamlfile.Placed[string]{Value: e.Key, At: e.At}}, r.Len()
		nodes, _ := r.List(e.Value, e.Key)
		for i, n := range nodes {
			var id string
			if !r.Text(n, "this holder of "+e.Key, &id) {
				continue
			}
			if slices.ContainsFunc(nodes[:i], func(other yamlfile.Node) bool { return other.GetToken().Value == id }) {
				r.Problem(r.Place(n), fmt.Sprintf("%s holds %s twice", id, e.Key), "keep one of the two")
			} else if !addPerson(&h.people, id) {
				r.Problem(r.Place(n), fmt.Sprintf("%q is no person's ID", id), personLike(id))
			}
		}
		h.doubted = r.Len() > before
		d.holders = append(d.holders, h)
	}
}

func (d *document) readAnnounce(r *yamlfile.Reader, n yamlfile.Node) {
	if yamlfile.IsEmpty(n) {
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
	p := policy.Policy{Announce: d.announce}
	for _, s := range d.severities {
		rules := policy.SeverityPolicy{
			Severity: s.key, Name: s.name.Value, Meaning: s.meaning, Response: s.response, Update: s.update,
		}
		for _, synonym := range s.synonyms {
			rules.Synonyms = append(rules.Synonyms, synonym.Value)
		}
		for _, step := range s.escalate {
			rules.Escalate = append(rules.Escalate, policy.Step{To: step.to.Value, After: step.after.Value})
		}
		p.Severities = append(p.Severities, rules)
	}
	for _, l := range d.levels {
		var roles []policy.Role
		for _, r := range l.roles {
			roles = append(roles, policy.Role(r.Value))
		}
		p.Levels = append(p.Levels, policy.LevelPolicy{Name: l.name, Roles: roles})
	}
	for _, r := range d.roles {
		rules := policy.RolePolicy{Role: policy.Role(r.key), Name: r.name}
		for _, h := range d.holders {
			if h.role.Value == r.key {
				rules.Holder = h.people
			}
		}
		p.Roles = append(p.Roles, rules)
	}
	return p
}
