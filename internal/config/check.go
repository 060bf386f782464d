package config

import (
	"fmt"
	"slices"
	"strings"

	"muster/internal/policy"
	"muster/internal/yamlfile"
)

// check finds what is wrong with the process as a whole. It complains of the
// user's file only: where a default no longer fits, at what made it unfit.
func (d *document) check(r *yamlfile.Reader) {
	d.checkWords(r)
	for _, s := range d.severities {
		d.checkSteps(r, s)
	}
	d.checkLevels(r)
	d.checkHolders(r)
}

// checkWords makes sure that no word means two severities.
func (d *document) checkWords(r *yamlfile.Reader) {
	for _, s := range d.severities {
		for _, word := range append([]yamlfile.Placed[string]{s.name}, s.synonyms...) {
			for _, other := range d.severities {
				if other != s && word.At.Written() && other.is(word.Value) {
					r.Problem(word.At, fmt.Sprintf("%q would mean both %s and %s", word.Value, s.key, other.key), "keep it for one of the two")
				}
			}
		}
	}
}

// checkSteps holds each step to go higher than the one before, and to come later.
func (d *document) checkSteps(r *yamlfile.Reader, of *severity) {
	s := of.key
	top := policy.Level(len(d.levels))
	before := step{to: yamlfile.Placed[policy.Level]{Value: 1}}
	for n, step := range of.escalate {
		to, after := step.to, step.after
		switch {
		case to.Value == 0: // it could not be read, which was said
		case to.Value > top && !to.At.Written():
			r.Problem(d.levelsAt, fmt.Sprintf("%s escalates to %s by default, but the levels end at %s", s, to.Value, top),
				fmt.Sprintf("add levels, or set severities.%s.escalate", s))
			return
		case to.Value > top:
			r.Problem(to.At, fmt.Sprintf("%s escalates to %s, but the levels end at %s", s, to.Value, top),
				"name a level that there is, or add to levels")
		case n == 0 && to.Value == 1:
			r.Problem(to.At, fmt.Sprintf("%s escalates to L1, which is called when it is declared", s), "write L2 or higher")
		case to.Value <= before.to.Value:
			r.Problem(to.At, fmt.Sprintf("%s escalates to %s after %s", s, to.Value, before.to.Value),
				"each step has to go to a higher level than the one before")
		}
		if after.At.Written() && before.after.At.Written() && after.Value <= before.after.Value {
			r.Problem(after.At, fmt.Sprintf("this step of %s comes after %s, the one before it after %s", s, yamlfile.Short(after.Value), yamlfile.Short(before.after.Value)),
				"each step has to come later than the one before; all are counted from when the severity was set")
		}
		if to.Value > 0 {
			before.to = to
		}
		if after.At.Written() {
			before.after = after
		}
	}
}

// checkLevels holds each level to call roles that there are.
func (d *document) checkLevels(r *yamlfile.Reader) {
	known := d.roleKeys()
	for n, l := range d.levels {
		for i, called := range l.roles {
			switch {
			case !called.At.Written():
			case !slices.Contains(known, called.Value):
				r.Problem(called.At, fmt.Sprintf("unknown role %q", called.Value), yamlfile.OneOf(called.Value, known))
			case slices.ContainsFunc(l.roles[:i], func(other yamlfile.Placed[string]) bool { return other.Value == called.Value }):
				r.Problem(called.At, fmt.Sprintf("L%d has the role %s twice", n+1, called.Value), "keep one of the two")
			}
		}
	}
}

// checkHolders holds the people to cover each role that the clock may call. A
// file that names nobody at all is fine, see [document.warnings].
func (d *document) checkHolders(r *yamlfile.Reader) {
	known := d.roleKeys()
	held := map[string]bool{}
	empties := map[string]yamlfile.Place{}
	for _, h := range d.holders {
		name := h.role.Value
		if !slices.Contains(known, name) {
			r.Problem(h.role.At, fmt.Sprintf("unknown role %q", name), yamlfile.OneOf(name, known))
			held[yamlfile.Nearest(name, known)] = true // mistyped is not missing
			continue
		}
		held[name] = h.doubted || !h.people.Empty()
		empties[name] = h.role.At
	}
	if !d.peopleAt.Written() {
		return
	}
	for n, l := range d.levels {
		why, called := d.calledFor(policy.Level(n + 1))
		if !called {
			continue
		}
		for _, role := range l.roles {
			name := role.Value
			if held[name] || !slices.Contains(known, name) {
				continue
			}
			held[name] = true // said once is enough
			at := empties[name]
			for _, next := range []yamlfile.Place{role.At, d.peopleAt} {
				if !at.Written() {
					at = next
				}
			}
			r.Problem(at, fmt.Sprintf("nobody holds the role %s, which L%d calls %s", name, n+1, why),
				fmt.Sprintf("add somebody to people: %q", name+": [U061F7AUR]"))
		}
	}
}

// calledFor says when a level is called without anybody asking for it.
func (d *document) calledFor(l policy.Level) (why string, called bool) {
	if l == 1 {
		return "for every incident", true
	}
	var by []string
	for _, s := range d.severities {
		if slices.ContainsFunc(s.escalate, func(step step) bool { return step.to.Value == l }) {
			by = append(by, string(s.key))
		}
	}
	return "for " + strings.Join(by, ", "), len(by) > 0
}

// warnings is what works, but hardly as it is meant.
func (d *document) warnings() []string {
	if d.peopleAt.Written() {
		return nil
	}
	return []string{"nobody is configured: incidents will have a channel and reminders, but no level calls anybody; name who holds each role under people"}
}

func (d *document) roleKeys() []string {
	keys := make([]string, len(d.roles))
	for n, r := range d.roles {
		keys[n] = r.key
	}
	return keys
}
