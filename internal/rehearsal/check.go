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
	instead []string // what there was, where it is not met
	skipped string   // why it does not apply
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
		if e.in == elsewhere {
			text = fmt.Sprintf("in %s%s: %q", found[0].where.title(p.state), since, e.says)
		}
		return verdict{words: "NOT WANTED: said " + text, instead: []string{fmt.Sprintf("the message begins %q", found[0].gist())}}
	case e.none:
		return verdict{met: true, words: "not said " + text}
	case e.count > 0 && n == e.count:
		return verdict{met: true, words: fmt.Sprintf("said %s %s", times(n), text)}
	case e.count > 0:
		return verdict{words: fmt.Sprintf("MISSING: said %s and not %s %s", times(n), times(e.count), text), instead: instead(found, other)}
	case n == 0:
		return verdict{words: "MISSING " + text, instead: instead(nil, other)}
	}
	return verdict{met: true, words: "said " + text}
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

// instead is what was said there, in short: the last three messages that say what
// was expected, or else of the others.
func instead(found, other []said) []string {
	all, those := []string{"it is said in:"}, found
	if len(found) == 0 {
		all, those = []string{"it said instead:"}, other
	}
	if len(those) == 0 {
		return []string{"nothing else was said there"}
	}
	for _, m := range those[max(0, len(those)-3):] {
		all = append(all, fmt.Sprintf("%q", m.gist()))
	}
	return all
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
		return "the answer to " + u.RealName, func(m said) bool { return m.EphemeralTo == u.ID && m.where.ID != formRoom.ID }, why
	case inForm:
		u, why := e.by.find(p.Policy, p.state)
		return "the form of " + u.RealName, func(m said) bool { return m.EphemeralTo == u.ID && m.where.ID == formRoom.ID }, why
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
		return verdict{words: fmt.Sprintf("NOT WANTED: %s is in %s", u.RealName, where)}
	case there:
		return verdict{met: true, words: fmt.Sprintf("%s is in %s", u.RealName, where)}
	case e.none:
		return verdict{met: true, words: fmt.Sprintf("%s is not in %s", u.RealName, where)}
	}
	return verdict{words: fmt.Sprintf("MISSING: %s is not in %s", u.RealName, where)}
}
