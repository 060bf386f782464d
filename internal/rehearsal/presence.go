package rehearsal

import (
	"fmt"
	"slices"
	"strings"
)

// presence holds somebody, or all of a level or a role, to be in a channel or to
// be able to read it, or not. Anybody can read what is not private.
func (p *player) presence(e expectation, at spot) verdict {
	people, why := e.who.everybody(p.Policy, p.state, e.none)
	if why != "" {
		return verdict{skipped: why}
	}
	var in, out []string
	for _, u := range people {
		if slices.Contains(at.room.Members, u.ID) || e.reads && !at.room.Private {
			in = append(in, u.RealName)
		} else {
			out = append(out, u.RealName)
		}
	}
	switch {
	case e.none && len(in) > 0:
		return verdict{words: "NOT WANTED: " + e.present(in, at)}
	case e.none:
		return verdict{met: true, words: e.away(out, at)}
	case len(out) > 0:
		return verdict{words: "MISSING: " + e.away(out, at)}
	}
	return verdict{met: true, words: e.present(in, at)}
}

// present says of people what is expected of them, away that they are not.
func (e expectation) present(names []string, at spot) string {
	if e.reads {
		return fmt.Sprintf("%s can read %s", list(names), at.name)
	}
	return fmt.Sprintf("%s %s in %s", list(names), are(names), at.name)
}

func (e expectation) away(names []string, at spot) string {
	if e.reads {
		return fmt.Sprintf("%s cannot read %s", list(names), at.name)
	}
	return fmt.Sprintf("%s %s not in %s", list(names), are(names), at.name)
}

func are(names []string) string {
	if len(names) == 1 {
		return "is"
	}
	return "are"
}

// list is names as in a sentence: "a", "a and b", "a, b and c".
func list(names []string) string {
	if n := len(names) - 1; n > 0 {
		return strings.Join(names[:n], ", ") + " and " + names[n]
	}
	return names[0]
}
