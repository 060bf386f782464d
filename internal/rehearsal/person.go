package rehearsal

import (
	"fmt"
	"slices"
	"strings"

	"muster/internal/policy"
	"muster/internal/yamlfile"
)

// person is somebody in the words of the scenario: the handle of somebody in the
// workspace, or the first who holds a role or is called at a level.
type person string

// Known is who a scenario may speak of.
type Known struct {
	Handles []string
	Policy  policy.Policy
}

// unknown says what is wrong with a person, and what would be right; "" if nothing is.
func (k Known) unknown(name string) (what, right string) {
	words := slices.Clone(k.Handles)
	for l := range k.Policy.Levels {
		words = append(words, policy.Level(l+1).String())
	}
	for _, r := range k.Policy.Roles {
		if !slices.Contains(words, string(r.Role)) { // somebody is called as what they are
			words = append(words, string(r.Role))
		}
	}
	if slices.Contains(words, name) || levelOf(name) > 0 {
		return "", ""
	}
	return fmt.Sprintf("nobody is called %q", name), yamlfile.OneOf(name, words)
}

// find is the user whom a person means; why says that it is nobody.
func (p person) find(process policy.Policy, s state) (u user, why string) {
	all, why := p.everybody(process, s, false)
	if why != "" {
		return user{}, why
	}
	return all[0], ""
}

// everybody is all whom a person means: who holds the role, or is called at the
// level. With first, those of a level who are called at a level below are left out.
func (p person) everybody(process policy.Policy, s state, first bool) (all []user, why string) {
	if i := slices.IndexFunc(s.Users, func(u user) bool { return u.Name == string(p) }); i >= 0 {
		return s.Users[i : i+1], ""
	}
	l := levelOf(string(p))
	if l == 0 {
		rules := process.Role(policy.Role(p))
		if all = s.users(rules.Holder); len(all) > 0 {
			return all, ""
		}
		if rules.Role == "" {
			return nil, fmt.Sprintf("nobody is called %q in this configuration", string(p))
		}
		return nil, fmt.Sprintf("nobody holds the role %s in this configuration", p)
	}
	if all = s.users(process.Holders(l)); len(all) == 0 {
		return nil, fmt.Sprintf("nobody is called at %s in this configuration", p)
	}
	for below := policy.Level(1); first && below < l; below++ {
		called := s.users(process.Holders(below))
		all = slices.DeleteFunc(all, func(u user) bool { return slices.Contains(called, u) })
	}
	if len(all) == 0 {
		return nil, fmt.Sprintf("nobody is called at %s in this configuration who is not called before", p)
	}
	return all, ""
}

// users are those people whom the workspace has, each once.
func (s state) users(people policy.People) []user {
	var all []user
	add := func(id string) {
		i := slices.IndexFunc(s.Users, func(u user) bool { return u.ID == id })
		if i >= 0 && !slices.Contains(all, s.Users[i]) {
			all = append(all, s.Users[i])
		}
	}
	for id := range people.Users.All() {
		add(string(id))
	}
	for id := range people.Groups.All() {
		if g := slices.IndexFunc(s.Groups, func(g group) bool { return g.ID == string(id) }); g >= 0 {
			for _, member := range s.Groups[g].Users {
				add(member)
			}
		}
	}
	return all
}

// scene is a place where something is said, in the words of the scenario.
type scene string

const (
	inIncident    scene = "incident"      // the incident's own channel
	announcements scene = "announcements" // the channel that the policy names for that
	elsewhere     scene = "elsewhere"     // where somebody reads it who is not in the incident's own channel
	answer        scene = "answer"        // what only who acted sees
	inForm        scene = "form"          // what is wrong at the fields of the form that they sent
	directOf            = "dm of "        // and a person; "#" and a name is a channel
)

// direct is whose direct messages a scene means.
func (s scene) direct() (person, bool) {
	name, ok := strings.CutPrefix(string(s), directOf)
	return person(strings.TrimPrefix(name, "@")), ok
}
