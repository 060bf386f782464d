package templates

import "muster/internal/policy"

// ladderView shows the levels of an incident: who was paged, and who is next.
type ladderView incidentView

// Level returns the highest level paged so far, "L1 (On-call engineer)".
func (v ladderView) Level() mrkdwn { return v.level(v.inc.Level) }

// Paged returns everybody of the levels paged so far.
func (v ladderView) Paged() (mrkdwn, error) {
	var all policy.People
	for l := policy.Level(1); l <= v.inc.Level; l++ {
		all = all.Union(v.t.policy.Holders(l))
	}
	return v.people(all)
}

// First returns L1, with its name.
func (v ladderView) First() mrkdwn { return v.level(1) }

// FirstPeople returns who that is.
func (v ladderView) FirstPeople() (mrkdwn, error) { return v.holders(1) }

// Next returns the level that an escalation would page.
func (v ladderView) Next() mrkdwn { return v.level(v.next()) }

// NextLevel returns that level in short, "L2".
func (v ladderView) NextLevel() mrkdwn { return mrkdwn(v.next().String()) }

// NextPeople returns who that would be.
func (v ladderView) NextPeople() (mrkdwn, error) { return v.holders(v.next()) }

func (v ladderView) next() policy.Level { return min(v.inc.Level+1, v.t.policy.Top()) }
