package rehearsal

import (
	"fmt"
	"slices"
	"strings"
)

// presence holds somebody, or all of a level or a role, to be in a channel or to
// be able to read it, or not. Anybody can read what is not private.
func (p *runner) presence(e expectation, at target) verdict {
	people, reason := e.person.resolveAll(p.Policy, p.state, e.none)
	if reason != "" {
		return verdict{skipped: reason}
	}
	var in, out []string
	for _, u := range people {
		if slices.Contains(at.channel.Members, u.ID) || e.readable && !at.channel.Private {
			in = append(in, u.RealName)
		} else {
			out = append(out, u.RealName)
		}
	}
	switch {
	case e.none && len(in) > 0:
		return verdict{text: "UNEXPECTED: " + e.presentText(in, at)}
	case e.none:
		return verdict{met: true, text: e.absentText(out, at)}
	case len(out) > 0:
		return verdict{text: "MISSING: " + e.absentText(out, at)}
	}
	return verdict{met: true, text: e.presentText(in, at)}
}

// presentText says of people what is expected of them, away that they are not.
func (e expectation) presentText(names []string, at target) string {
	if e.readable {
		return fmt.Sprintf("%s can read %s", list(names), at.name)
	}
	return fmt.Sprintf("%s %s in %s", list(names), are(names), at.name)
}

func (e expectation) absentText(names []string, at target) string {
	if e.readable {
		return fmt.Sprintf("%s can't read %s", list(names), at.name)
	}
	return fmt.Sprintf("%s %s not in %s", list(names), are(names), at.name)
}

func are(names []string) string {
	if len(names) == 1 {
		return "is"
	}
	return "are"
}

// list returns names as in a sentence: "a", "a and b", "a, b and c".
func list(names []string) string {
	if n := len(names) - 1; n > 0 {
		return strings.Join(names[:n], ", ") + " and " + names[n]
	}
	return names[0]
}
