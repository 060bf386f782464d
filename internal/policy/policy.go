package policy

import (
	"fmt"

	"muster/internal/slackid"
)

// Role is a responsibility in an incident, such as "tech_lead". The policy
// says which there are.
type Role string

// OnCallEngineer is the role of whoever acknowledges first: the process's
// "Assigned" person. Every policy has it.
const OnCallEngineer Role = "on_call_engineer"

// Level is a rung of the technical escalation ladder, counting from 1.
type Level int

func (l Level) String() string { return fmt.Sprintf("L%d", int(l)) }

// Policy is the incident process as a value: what applies to each severity, who
// is called at which level, and who those people are.
type Policy struct {
	Severities []SeverityPolicy // from the worst
	Levels     []LevelPolicy    // L1 first
	Roles      []RolePolicy     // in the order in which menus show them
	Announce   slackid.Channel  // where public incidents are announced; "" = nowhere
	Managers   slackid.Channel  // where the digest is posted; "" = nowhere
	PostMortem PostMortem
	Snooze     Snooze
	Archive    Archive
	Digest     Digest
	Access     Access
}

// LevelPolicy is one rung of the ladder.
type LevelPolicy struct {
	Name  string // "Senior engineer and tech lead"
	Roles []Role
}

// RolePolicy is one role and those who hold it in this organisation.
type RolePolicy struct {
	Role   Role
	Name   string // "Tech Lead"
	Holder People
}

// Top returns the highest level that there is.
func (p Policy) Top() Level { return Level(len(p.Levels)) }

// Level returns a rung, the zero value where there is none.
func (p Policy) Level(l Level) LevelPolicy {
	if l < 1 || l > p.Top() {
		return LevelPolicy{}
	}
	return p.Levels[l-1]
}

// Holders returns who is called at a level: all who hold one of its roles.
func (p Policy) Holders(l Level) People {
	var all People
	for _, role := range p.Level(l).Roles {
		all = all.Union(p.Role(role).Holder)
	}
	return all
}

// Role returns what the policy says of a role, the zero value if it knows none.
func (p Policy) Role(r Role) RolePolicy {
	for _, rules := range p.Roles {
		if rules.Role == r {
			return rules
		}
	}
	return RolePolicy{}
}
