package rehearsal

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"
)

// check holds a moment's expectations. What is still on its way has a little
// real time to come: buttons are answered when they have been acknowledged.
func (p *player) check(ctx context.Context, m together) error {
	until := time.Now().Add(toDeliver)
	for {
		if err := p.look(ctx); err != nil {
			return err
		}
		left := time.Until(until)
		if left <= 0 || p.allMet(m) {
			break
		}
		if err := p.wait(ctx, p.state.Version, left); err != nil {
			return err
		}
	}
	for _, s := range m.steps {
		if s.skipped != "" {
			p.skip(len(s.expect), s.at, fmt.Sprintf("%q: %s", s.step.at.text, s.skipped))
			continue
		}
		for _, e := range s.expect {
			p.judge(s.at, e)
		}
	}
	return nil
}

func (p *player) allMet(m together) bool {
	for _, s := range m.steps {
		for _, e := range s.expect {
			if v := p.verdict(e); s.skipped == "" && !v.met && v.skipped == "" {
				return false
			}
		}
	}
	return true
}

// verdict is what became of an expectation, and how to tell it.
type verdict struct {
	met     bool
	words   string
	skipped string // why it does not apply
}

func (p *player) verdict(e expectation) verdict {
	where, fits, skipped := p.place(e)
	if skipped != "" {
		return verdict{skipped: skipped}
	}
	if e.member != "" {
		return p.membership(e, where)
	}
	var found, other []said
	for _, m := range p.all {
		if !fits(m) || (!e.fromStart && p.before[m.key()] == m.content()) {
			continue
		}
		if strings.Contains(m.content(), e.says) {
			found = append(found, m)
		} else {
			other = append(other, m)
		}
	}
	since := ""
	if e.fromStart {
		since = " since the start"
	}
	text := fmt.Sprintf("in %s%s: %q", where, since, e.says)
	switch n := len(found); {
	case e.none && n > 0:
		return verdict{false, fmt.Sprintf("NOT WANTED: said in %s%s: %q; the message begins %q", found[0].where.title(p.state), since, e.says, found[0].gist()), ""}
	case e.none:
		return verdict{true, "not said " + text, ""}
	case e.count > 0 && n == e.count:
		return verdict{true, fmt.Sprintf("said %s %s", times(n), text), ""}
	case e.count > 0:
		return verdict{false, fmt.Sprintf("MISSING: said %s and not %s %s%s", times(n), times(e.count), text, instead(other)), ""}
	case n == 0:
		return verdict{false, fmt.Sprintf("MISSING %s%s", text, instead(other)), ""}
	}
	return verdict{true, "said " + text, ""}
}

func times(n int) string {
	switch n {
	case 0:
		return "never"
	case 1:
		return "once"
	}
	return fmt.Sprintf("%d times", n)
}

// instead is what was said there, in short.
func instead(other []said) string {
	if len(other) == 0 {
		return "; nothing else was said there"
	}
	var all []string
	for _, m := range other[max(0, len(other)-3):] {
		all = append(all, fmt.Sprintf("%q", m.gist()))
	}
	return "; it said instead: " + strings.Join(all, ", ")
}

// place is where an expectation looks: in words, and which messages are there.
func (p *player) place(e expectation) (where string, fits func(said) bool, skipped string) {
	own, _ := p.incident()
	in := func(id string) func(said) bool {
		return func(m said) bool { return m.where.ID == id && m.EphemeralTo == "" }
	}
	if who, ok := e.in.direct(); ok {
		u, why := who.find(p.Policy, p.state)
		return "direct messages with " + u.RealName, func(m said) bool { return m.where.Direct && m.where.With == u.ID }, why
	}
	switch e.in {
	case inIncident:
		if own.ID == "" {
			return "the incident's channel, which was not opened", in(""), ""
		}
		return "#" + own.Name, in(own.ID), ""
	case announcements:
		if p.Policy.Announce == "" {
			return "", nil, "this configuration announces incidents nowhere"
		}
		return p.nameOf(string(p.Policy.Announce)), in(string(p.Policy.Announce)), ""
	case elsewhere:
		return "any place outside the incident", func(m said) bool {
			inside := m.where.ID == own.ID || m.where.Direct && slices.Contains(own.Members, m.where.With)
			return !inside && m.EphemeralTo == ""
		}, ""
	case answer:
		u, why := e.by.find(p.Policy, p.state)
		return "the answer to " + u.RealName, func(m said) bool { return m.EphemeralTo == u.ID }, why
	}
	return string(e.in), func(m said) bool { return "#"+m.where.Name == string(e.in) && m.EphemeralTo == "" }, ""
}

// membership holds somebody to be in a channel, or not.
func (p *player) membership(e expectation, where string) verdict {
	u, why := e.member.find(p.Policy, p.state)
	if why != "" {
		return verdict{skipped: why}
	}
	there := slices.ContainsFunc(p.state.Channels, func(c channel) bool {
		return c.title(p.state) == where && slices.Contains(c.Members, u.ID)
	})
	switch {
	case there && e.none:
		return verdict{false, fmt.Sprintf("NOT WANTED: %s is in %s", u.RealName, where), ""}
	case there:
		return verdict{true, fmt.Sprintf("%s is in %s", u.RealName, where), ""}
	case e.none:
		return verdict{true, fmt.Sprintf("%s is not in %s", u.RealName, where), ""}
	}
	return verdict{false, fmt.Sprintf("MISSING: %s is not in %s", u.RealName, where), ""}
}
