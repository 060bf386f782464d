package rehearsal

import (
	"fmt"
	"slices"
	"strings"

	"muster/internal/policy"
	"muster/internal/sandbox/control"
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
func (k Known) unknown(name string) (problem, right string) {
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
	return fmt.Sprintf("unknown person, role or level %q", name), yamlfile.OneOf(name, words)
}

// resolve returns the user whom a person means; reason says why it is nobody.
func (p person) resolve(policy policy.Policy, s state) (u control.User, reason string) {
	all, reason := p.resolveAll(policy, s, false)
	if reason != "" {
		return control.User{}, reason
	}
	return all[0], ""
}

// resolveAll returns all whom a person means: who holds the role, or is called at the
// level. With first, those of a level who are called at a level below are left out.
func (p person) resolveAll(process policy.Policy, s state, first bool) (all []control.User, reason string) {
	if i := slices.IndexFunc(s.Users, func(u control.User) bool { return u.Name == string(p) }); i >= 0 {
		return s.Users[i : i+1], ""
	}
	l := levelOf(string(p))
	if l == 0 {
		rules := process.Role(policy.Role(p))
		if all = s.users(rules.Holder); len(all) > 0 {
			return all, ""
		}
		if rules.Role == "" {
			return nil, fmt.Sprintf("this configuration has no %q", string(p))
		}
		return nil, fmt.Sprintf("this configuration has nobody in the role %s", p)
	}
	if all = s.users(process.Holders(l)); len(all) == 0 {
		return nil, fmt.Sprintf("this configuration pages nobody at %s", p)
	}
	for below := policy.Level(1); first && below < l; below++ {
		called := s.users(process.Holders(below))
		all = slices.DeleteFunc(all, func(u control.User) bool { return slices.Contains(called, u) })
	}
	if len(all) == 0 {
		return nil, fmt.Sprintf("this configuration pages nobody at %s who isn't paged at a lower level", p)
	}
	return all, ""
}

// users returns those people whom the workspace has, each once.
func (s state) users(people policy.People) []control.User {
	var all []control.User
	add := func(id string) {
		i := slices.IndexFunc(s.Users, func(u control.User) bool { return u.ID == id })
		if i >= 0 && !slices.Contains(all, s.Users[i]) {
			all = append(all, s.Users[i])
		}
	}
	for id := range people.Users.All() {
		add(string(id))
	}
	for id := range people.Groups.All() {
		if g := slices.IndexFunc(s.Groups, func(g control.Group) bool { return g.ID == string(id) }); g >= 0 {
			for _, member := range s.Groups[g].Users {
				add(member)
			}
		}
	}
	return all
}

// location is a place where something is said, in the words of the scenario.
type location string

const (
	inIncident    location = "incident"      // the incident's own channel
	announcements location = "announcements" // the channel that the policy names for that
	elsewhere     location = "elsewhere"     // where somebody reads it who is not in the incident's own channel
	answer        location = "answer"        // what only who acted sees
	inForm        location = "form"          // what is wrong at the fields of the form that they sent
	directOf               = "dm of "        // and a person; "#" and a name is a channel
)

// direct returns whose direct messages a scene means.
func (s location) direct() (person, bool) {
	name, ok := strings.CutPrefix(string(s), directOf)
	return person(strings.TrimPrefix(name, "@")), ok
}
