package rehearsal

import (
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"muster/internal/yamlfile"
)

// Report is what became of a rehearsal.
type Report struct {
	Met        int
	Failures   []string // each with its time and its place in the file
	Skipped    int      // expectations that do not apply under this policy
	NotReached int      // expectations after a deed that did not work
	Clock      time.Duration
	Took       time.Duration
}

// Passed reports whether all went as expected, and something was.
func (r Report) Passed() bool { return len(r.Failures) == 0 && r.Met > 0 }

// Summary is the report in words.
func (r Report) Summary() string {
	word := "PASSED"
	switch {
	case len(r.Failures) > 0:
		word = "FAILED"
	case r.Met == 0:
		word = "NOTHING CHECKED"
	}
	parts := []string{fmt.Sprintf("%d expectations met", r.Met)}
	if r.Met == 1 {
		parts[0] = "1 expectation met"
	}
	for _, more := range []struct {
		n    int
		what string
	}{{len(r.Failures), "failed"}, {r.Skipped, "skipped, since they do not apply"}, {r.NotReached, "not reached"}} {
		if more.n > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", more.n, more.what))
		}
	}
	var s strings.Builder
	fmt.Fprintf(&s, "%s: %s. %s on the clock, in %.1f s.\n", word, strings.Join(parts, ", "), clock(r.Clock), r.Took.Seconds())
	for _, f := range r.Failures {
		fmt.Fprintf(&s, "  %s\n", f)
	}
	return s.String()
}

// tell writes a line of the timeline.
func (p *player) tell(at time.Duration, format string, args ...any) {
	p.write(fmt.Sprintf("%s  %s\n", clock(at), fmt.Sprintf(format, args...)))
}

// detail writes a line that belongs to the line before.
func (p *player) detail(format string, args ...any) {
	p.write(fmt.Sprintf("         %s\n", fmt.Sprintf(format, args...)))
}

// write adds to the timeline. A line that nobody gets ends the rehearsal with the
// moment that it is in.
func (p *player) write(lines string) {
	if _, err := io.WriteString(p.Out, lines); err != nil && p.unheard == nil {
		p.unheard = fmt.Errorf("write the timeline: %w", err)
	}
}

// judge settles one expectation.
func (p *player) judge(at time.Duration, e expectation) {
	v := p.verdict(e)
	switch {
	case v.skipped != "":
		p.skip(1, at, v.skipped)
	case v.met:
		p.Met++
		p.tell(at, "✓ %s", v.words)
	default:
		if e.by != "" && e.in != answer && e.in != inForm && !e.none {
			v.instead = append(v.instead, p.answered(e.by)...)
		}
		p.failed(at, e.at, v)
	}
}

// answered is what somebody was answered in this moment: a command that was not
// understood is the likeliest reason why what was expected did not come.
func (p *player) answered(who person) []string {
	u, _ := who.find(p.Policy, p.state) // that there is somebody was seen before
	for _, m := range slices.Backward(p.all) {
		if m.answers(u) && m.content() != p.before[m.key()] {
			return []string{fmt.Sprintf("the answer to %s:", u.RealName), fmt.Sprintf("%q", m.gist())}
		}
	}
	return nil
}

func (p *player) failed(at time.Duration, in yamlfile.Place, v verdict) {
	place := fmt.Sprintf("%s:%d", p.scenario.File, in.Line)
	p.Failures = append(p.Failures, fmt.Sprintf("%s: at %s %s", place, clock(at), v.words))
	p.tell(at, "✗ %s (%s)", v.words, place)
	for _, line := range v.instead {
		p.detail("%s", line)
	}
}

func (p *player) skip(n int, at time.Duration, why string) {
	p.Skipped += n
	p.tell(at, "- skipped: %s", why)
}

func (p *player) unreached(moments []together) {
	for _, m := range moments {
		for _, s := range m.steps {
			p.NotReached += len(s.expect)
		}
	}
}
