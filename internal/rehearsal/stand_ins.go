package rehearsal

import (
	"slices"

	"muster/internal/policy"
)

// StandIns lets the workspace's people stand in for those whom a policy names, since the
// workspace does not know them: each role that is held by anybody else goes to
// whoever holds it among the players, or to the players' tech lead where it is a
// role of the organisation's own. Figures, levels and roles stay as they are, and
// a role that nobody holds stays empty. The roles with stand-ins are returned.
func StandIns(p, players policy.Policy) (policy.Policy, []policy.Role) {
	var replaced []policy.Role
	roles := slices.Clone(p.Roles)
	for i, r := range roles {
		if r.Holder.Empty() || knows(players, r.Holder) {
			continue
		}
		holder := players.Role(r.Role).Holder
		if holder.Empty() {
			holder = players.Role("tech_lead").Holder
		}
		roles[i].Holder = holder
		replaced = append(replaced, r.Role)
	}
	p.Roles = roles
	if p.Announce != "" {
		p.Announce = players.Announce
	}
	p.Managers = "" // a digest would come by the time of day, and be of no incident
	return p, replaced
}

// knows reports whether a policy names all of these people.
func knows(p policy.Policy, all policy.People) bool {
	var named policy.People
	for _, r := range p.Roles {
		named = named.Union(r.Holder)
	}
	return named.Union(all).Equal(named)
}
