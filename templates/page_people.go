package templates

import (
	"muster/internal/incident"
	"muster/internal/policy"
)

// Assigned is the person at work on it, "" while nobody is.
func (p page) Assigned() mrkdwn { return mention(p.i.Assigned()) }

// Roles is who holds which other role.
func (p page) Roles() []mrkdwn {
	var lines []mrkdwn
	for _, rules := range p.t.policy.Roles {
		if u := p.i.Roles[rules.Role]; u != "" && rules.Role != policy.OnCallEngineer {
			lines = append(lines, "*"+named(rules.Name)+":* "+mention(u))
		}
	}
	return lines
}

// Level is the highest level called so far, "L1 (On-call engineer)".
func (p page) Level() mrkdwn { return p.level(p.i.Level) }

// Next is the level that an escalation would call.
func (p page) Next() mrkdwn { return p.level(p.next()) }

// NextPeople is who that would be.
func (p page) NextPeople() mrkdwn { return mentions(p.t.policy.Holders(p.next())) }

// Called is everybody of the levels called so far.
func (p page) Called() mrkdwn {
	var all policy.People
	for l := policy.Level(1); l <= p.i.Level; l++ {
		all = all.Union(p.t.policy.Holders(l))
	}
	return mentions(all)
}

// First is L1's people.
func (p page) First() mrkdwn { return mentions(p.t.policy.Holders(1)) }

// FirstLevel is L1, with its name.
func (p page) FirstLevel() mrkdwn { return p.level(1) }

// Asked is who has to say how it stands: the person at work on it, else L1.
func (p page) Asked() mrkdwn {
	if u := p.i.Assigned(); u != "" {
		return mention(u)
	}
	return p.First()
}

// AskedAs is the level as whose member somebody gets a direct message, "" where
// that is not known.
func (p page) AskedAs() mrkdwn {
	to, escalated := p.factLevel("to")
	switch {
	case p.n.To.Level > 0:
		return p.level(p.n.To.Level)
	case escalated:
		return p.level(to)
	case p.n.Template == incident.TemplateWarning:
		return p.level(p.next())
	}
	return ""
}

func (p page) next() policy.Level { return min(p.i.Level+1, p.t.policy.Top()) }

// level names a level.
func (p page) level(l policy.Level) mrkdwn {
	name := p.t.policy.Level(l).Name
	if name == "" {
		return mrkdwn(l.String())
	}
	return mrkdwn(l.String()) + " (" + named(name) + ")"
}
