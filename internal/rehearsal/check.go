package rehearsal

import (
	"cmp"
	"context"
	"fmt"
	"strings"
	"time"
)

// check holds a moment's expectations. What is still on its way has a little
// real time to come: buttons are answered when they have been acknowledged.
func (p *player) check(ctx context.Context, m together) error {
	until := time.Now().Add(cmp.Or(p.Patience, toDeliver))
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
	at := p.place(e)
	switch {
	case at.skipped != "":
		return verdict{skipped: at.skipped}
	case at.absent != "": // nothing is said there, whatever Muster does
		return verdict{words: "NO SUCH CHANNEL: " + at.absent, instead: []string{"there are: " + p.rooms()}}
	case e.who != "":
		return p.presence(e, at)
	}
	var found, other []said
	for _, m := range p.all {
		before := p.before[m.key()]
		switch {
		case !at.fits(m):
		case e.fromStart && strings.Contains(m.content(), e.says), strings.Count(m.content(), e.says) > strings.Count(before, e.says):
			found = append(found, m)
		case e.fromStart, m.content() != before:
			other = append(other, m)
		}
	}
	where := at.name
	since := ""
	if e.fromStart {
		since = " since the start"
	}
	text := fmt.Sprintf("in %s%s: %q", where, since, e.says)
	switch n := len(found); {
	case e.none && n > 0:
		if e.in == elsewhere {
			text = fmt.Sprintf("in %s%s: %q", found[0].place(p.state), since, e.says)
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
