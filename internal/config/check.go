package config

import (
	"fmt"
	"slices"
	"strings"

	"muster/internal/policy"
)

// check finds what is wrong with the process as a whole. It complains of the
// user's file only: where a default no longer fits, at what made it unfit.
func (d *document) check(r *Reader) {
	for _, s := range policy.Severities() {
		d.checkSteps(r, s)
	}
	d.checkLevels(r)
	d.checkHolders(r)
}

// checkSteps holds each step to go higher than the one before, and to come later.
func (d *document) checkSteps(r *Reader, s policy.Severity) {
	top := policy.Level(len(d.levels))
	before := step{to: placed[policy.Level]{value: 1}}
	for n, step := range d.severities[s].escalate {
		to, after := step.to, step.after
		switch {
		case to.value == 0: // it could not be read, which was said
		case to.value > top && !to.at.written():
			r.Problem(d.levelsAt, fmt.Sprintf("%s escalates to %s by default, but the levels end at %s", s, to.value, top),
				fmt.Sprintf("add levels, or set severities.%s.escalate", s))
			return
		case to.value > top:
			r.Problem(to.at, fmt.Sprintf("%s escalates to %s, but the levels end at %s", s, to.value, top),
				"name a level that there is, or add to levels")
		case n == 0 && to.value == 1:
			r.Problem(to.at, fmt.Sprintf("%s escalates to L1, which is called when it is declared", s), "write L2 or higher")
		case to.value <= before.to.value:
			r.Problem(to.at, fmt.Sprintf("%s escalates to %s after %s", s, to.value, before.to.value),
				"each step has to go to a higher level than the one before")
		}
		if after.at.written() && before.after.at.written() && after.value <= before.after.value {
			r.Problem(after.at, fmt.Sprintf("this step of %s comes after %s, the one before it after %s", s, short(after.value), short(before.after.value)),
				"each step has to come later than the one before; all are counted from when the severity was set")
		}
		if to.value > 0 {
			before.to = to
		}
		if after.at.written() {
			before.after = after
		}
	}
}

// checkLevels holds each level to call roles that there are.
func (d *document) checkLevels(r *Reader) {
	known := d.roleKeys()
	for n, l := range d.levels {
		for i, called := range l.roles {
			switch {
			case !called.at.written():
			case !slices.Contains(known, called.value):
				r.Problem(called.at, fmt.Sprintf("unknown role %q", called.value), OneOf(called.value, known))
			case slices.ContainsFunc(l.roles[:i], func(other placed[string]) bool { return other.value == called.value }):
				r.Problem(called.at, fmt.Sprintf("L%d has the role %s twice", n+1, called.value), "keep one of the two")
			}
		}
	}
}

// checkHolders holds the people to cover each role that the clock may call. A
// file that names nobody at all is fine, see [document.warnings].
func (d *document) checkHolders(r *Reader) {
	known := d.roleKeys()
	held := map[string]bool{}
	empties := map[string]Place{}
	for _, h := range d.holders {
		name := h.role.value
		if !slices.Contains(known, name) {
			r.Problem(h.role.at, fmt.Sprintf("unknown role %q", name), OneOf(name, known))
			held[nearest(name, known)] = true // mistyped is not missing
			continue
		}
		held[name] = h.doubted || !h.people.Empty()
		empties[name] = h.role.at
	}
	if !d.peopleAt.written() {
		return
	}
	for n, l := range d.levels {
		why, called := d.calledFor(policy.Level(n + 1))
		if !called {
			continue
		}
		for _, role := range l.roles {
			name := role.value
			if held[name] || !slices.Contains(known, name) {
				continue
			}
			held[name] = true // said once is enough
			at := empties[name]
			for _, next := range []Place{role.at, d.peopleAt} {
				if !at.written() {
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
	for _, s := range policy.Severities() {
		if slices.ContainsFunc(d.severities[s].escalate, func(step step) bool { return step.to.value == l }) {
			by = append(by, s.String())
		}
	}
	return "for " + strings.Join(by, ", "), len(by) > 0
}

// warnings is what works, but hardly as it is meant.
func (d *document) warnings() []string {
	if d.peopleAt.written() {
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
