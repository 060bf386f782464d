package rehearsal

import (
	"fmt"
	"slices"
	"strings"

	"muster/internal/config"
	"muster/internal/incident"
)

// person is somebody in the words of the scenario: the handle of somebody in the
// workspace, or the first who holds a role or is called at a level.
type person string

// Known is who a scenario may speak of.
type Known struct {
	Handles []string
	Policy  incident.Policy
}

// unknown says what is wrong with a person, and what would be right; "" if nothing is.
func (k Known) unknown(name string) (what, right string) {
	words := slices.Clone(k.Handles)
	for l := range k.Policy.Levels {
		words = append(words, incident.Level(l+1).String())
	}
	for _, r := range k.Policy.Roles {
		if !slices.Contains(words, string(r.Role)) { // somebody is called as what they are
			words = append(words, string(r.Role))
		}
	}
	if slices.Contains(words, name) || levelOf(name) > 0 {
		return "", ""
	}
	return fmt.Sprintf("nobody is called %q", name), config.OneOf(name, words)
}

// find is the user whom a person means; why says that it is nobody.
func (p person) find(policy incident.Policy, s state) (u user, why string) {
	if i := slices.IndexFunc(s.Users, func(u user) bool { return u.Name == string(p) }); i >= 0 {
		return s.Users[i], ""
	}
	rules := policy.Role(incident.Role(p))
	called := rules.Holder
	why = fmt.Sprintf("nobody holds the role %s", p)
	if rules.Role == "" {
		why = fmt.Sprintf("nobody is called %q", string(p))
	}
	if l := levelOf(string(p)); l > 0 {
		called, why = policy.At(l), fmt.Sprintf("nobody is called at %s", p)
	}
	for _, id := range called.Users {
		if i := slices.IndexFunc(s.Users, func(u user) bool { return u.ID == string(id) }); i >= 0 {
			return s.Users[i], ""
		}
	}
	for _, id := range called.Groups {
		g := slices.IndexFunc(s.Groups, func(g group) bool { return g.ID == string(id) })
		if g < 0 || len(s.Groups[g].Users) == 0 {
			continue
		}
		if i := slices.IndexFunc(s.Users, func(u user) bool { return u.ID == s.Groups[g].Users[0] }); i >= 0 {
			return s.Users[i], ""
		}
	}
	return user{}, why + " in this configuration"
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
