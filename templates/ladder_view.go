package templates

import "muster/internal/policy"

// ladderView shows the levels of an incident: who was paged, and who is next.
type ladderView incidentView

// Level returns the highest level paged so far, "L1 (On-call engineer)"; "" where
// no level has been reached.
func (v ladderView) Level() mrkdwn {
	for l := v.inc.Level; l > 0; l-- {
		if v.isReached(l) {
			return v.level(l)
		}
	}
	return ""
}

// isReached reports whether a level's people have been paged as far as is known.
func (v ladderView) isReached(l policy.Level) bool {
	c := v.inc.Calls[l]
	return c.Nobody == "" && !c.Late()
}

// Missed returns the levels that were called and not reached, L1 first.
func (v ladderView) Missed() []missedView {
	var all []missedView
	for _, l := range v.inc.Called() {
		if !v.isReached(l) {
			all = append(all, missedView{mrkdwn(l.String()), v.reason(v.inc.Calls[l].Nobody)})
		}
	}
	return all
}

// missedView is a level, and why it has nobody; "" while Muster goes on trying.
type missedView struct{ Level, Reason mrkdwn }

// Nobody reports whether none of the levels paged has anybody.
func (v ladderView) Nobody() bool { return v.inc.CalledNobody() }

// Empty reports whether a level that was called has nobody to page.
func (v ladderView) Empty() bool {
	for _, c := range v.inc.Calls {
		if c.Nobody != "" {
			return true
		}
	}
	return false
}

// Paged returns everybody of the levels paged so far, but for those that have nobody.
func (v ladderView) Paged() (mrkdwn, error) {
	var all policy.People
	for l := policy.Level(1); l <= v.inc.Level; l++ {
		if v.inc.Calls[l].Nobody == "" {
			all = all.Union(v.t.policy.Holders(l))
		}
	}
	return v.people(all)
}

// All returns every level and who is paged there, also those that have not been.
func (v ladderView) All() ([]levelView, error) {
	var all []levelView
	for l := policy.Level(1); l <= v.t.policy.Top(); l++ {
		people, err := v.holders(l)
		if err != nil {
			return nil, err
		}
		all = append(all, levelView{v.level(l), people})
	}
	return all, nil
}

// levelView is a level and its people, "" where it has none.
type levelView struct{ Name, People mrkdwn }

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
