package rehearsal

import (
	"cmp"
	"context"
	"fmt"
	"strings"
	"time"
)

// check holds an instant's expectations. What is still on its way has a little
// real time to come: buttons are answered when they have been acknowledged.
func (p *runner) check(ctx context.Context, m instant) error {
	until := time.Now().Add(cmp.Or(p.Patience, deliveryWait))
	for {
		if err := p.readMessages(ctx); err != nil {
			return err
		}
		left := time.Until(until)
		if left <= 0 || p.allMet(m) {
			break
		}
		if err := p.waitForChange(ctx, left); err != nil {
			return err
		}
	}
	for _, s := range m.steps {
		if s.skipped != "" {
			p.skip(len(s.expect), s.at, fmt.Sprintf("%q: %s", s.step.at.text, s.skipped))
			continue
		}
		for _, e := range s.expect {
			p.evaluate(s.at, e)
		}
	}
	return nil
}

func (p *runner) allMet(m instant) bool {
	for _, s := range m.steps {
		for _, e := range s.expect {
			if v := p.verdict(e); s.skipped == "" && !v.met && v.skipped == "" {
				return false
			}
		}
	}
	return true
}

// verdict is what became of an expectation, in words.
type verdict struct {
	met     bool
	text    string
	details []string // what there was, where it is not met
	skipped string   // why it does not apply
}

func (p *runner) verdict(e expectation) verdict {
	at := p.locate(e)
	switch {
	case at.skipped != "":
		return verdict{skipped: at.skipped}
	case at.missing != "": // nothing is said there, whatever Muster does
		return verdict{text: "NO SUCH CHANNEL: " + at.missing, details: []string{"channels: " + p.channelNames()}}
	case e.person != "":
		return p.presence(e, at)
	}
	var found, other []postedMessage
	for _, m := range p.posted {
		before := p.seenContent[m.key()]
		switch {
		case !at.matches(m):
		case e.fromStart && strings.Contains(m.content(), e.text), strings.Count(m.content(), e.text) > strings.Count(before, e.text):
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
	text := fmt.Sprintf("in %s%s: %q", where, since, e.text)
	switch n := len(found); {
	case e.none && n > 0:
		if e.in == elsewhere {
			text = fmt.Sprintf("in %s%s: %q", found[0].locationName(p.state), since, e.text)
		}
		return verdict{text: "UNEXPECTED: posted " + text, details: []string{fmt.Sprintf("message: %q", found[0].summary())}}
	case e.none:
		return verdict{met: true, text: "not posted " + text}
	case e.count > 0 && n == e.count:
		return verdict{met: true, text: fmt.Sprintf("posted %s %s", countText(n), text)}
	case e.count > 0:
		return verdict{text: fmt.Sprintf("MISSING: posted %s, expected %s %s", countText(n), countText(e.count), text), details: otherMessages(found, other)}
	case n == 0:
		return verdict{text: "MISSING " + text, details: otherMessages(nil, other)}
	}
	return verdict{met: true, text: "posted " + text}
}

func countText(n int) string {
	switch n {
	case 0:
		return "never"
	case 1:
		return "once"
	}
	return fmt.Sprintf("%d times", n)
}

// otherMessages returns what was said there, in short: the last three messages that say what
// was expected, or else of the others.
func otherMessages(found, other []postedMessage) []string {
	all, those := []string{"posted in:"}, found
	if len(found) == 0 {
		all, those = []string{"posted instead:"}, other
	}
	if len(those) == 0 {
		return []string{"nothing else was posted there"}
	}
	for _, m := range those[max(0, len(those)-3):] {
		all = append(all, fmt.Sprintf("%q", m.summary()))
	}
	return all
}
