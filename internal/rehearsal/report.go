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
	NotReached int      // expectations after an action that failed
	Clock      time.Duration
	Took       time.Duration
}

// Passed reports whether all went as expected, and something was.
func (r Report) Passed() bool { return len(r.Failures) == 0 && r.Met > 0 }

// Summary returns the report in words.
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
	}{{len(r.Failures), "failed"}, {r.Skipped, "not applicable"}, {r.NotReached, "not reached"}} {
		if more.n > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", more.n, more.what))
		}
	}
	var s strings.Builder
	fmt.Fprintf(&s, "%s: %s. %s simulated in %.1f s.\n", word, strings.Join(parts, ", "), clock(r.Clock), r.Took.Seconds())
	for _, f := range r.Failures {
		fmt.Fprintf(&s, "  %s\n", f)
	}
	return s.String()
}

// printAt writes a line of the timeline.
func (p *runner) printAt(at time.Duration, format string, args ...any) {
	p.write(fmt.Sprintf("%s  %s\n", clock(at), fmt.Sprintf(format, args...)))
}

// printDetail writes a line that belongs to the line before.
func (p *runner) printDetail(format string, args ...any) {
	p.write(fmt.Sprintf("         %s\n", fmt.Sprintf(format, args...)))
}

// write adds to the timeline. A line that nobody gets ends the rehearsal with the
// instant that it is in.
func (p *runner) write(lines string) {
	if _, err := io.WriteString(p.Out, lines); err != nil && p.writeErr == nil {
		p.writeErr = fmt.Errorf("write the timeline: %w", err)
	}
}

// evaluate settles one expectation.
func (p *runner) evaluate(at time.Duration, e expectation) {
	v := p.verdict(e)
	switch {
	case v.skipped != "":
		p.skip(1, at, v.skipped)
	case v.met:
		p.Met++
		p.printAt(at, "✓ %s", v.text)
	default:
		if e.by != "" && e.in != answer && e.in != inForm && !e.none {
			v.details = append(v.details, p.lastAnswer(e.by)...)
		}
		p.failed(at, e.at, v)
	}
}

// lastAnswer returns what somebody was answered in this instant: a command that was not
// understood is the likeliest reason why what was expected did not come.
func (p *runner) lastAnswer(actor person) []string {
	u, _ := actor.resolve(p.Policy, p.state) // that there is somebody was seen before
	for _, m := range slices.Backward(p.posted) {
		if m.isAnswerTo(u) && m.content() != p.seenContent[m.key()] {
			return []string{fmt.Sprintf("the answer to %s:", u.RealName), fmt.Sprintf("%q", m.summary())}
		}
	}
	return nil
}

func (p *runner) failed(at time.Duration, in yamlfile.Place, v verdict) {
	place := fmt.Sprintf("%s:%d", p.scenario.File, in.Line)
	p.Failures = append(p.Failures, fmt.Sprintf("%s: at %s %s", place, clock(at), v.text))
	p.printAt(at, "✗ %s (%s)", v.text, place)
	for _, line := range v.details {
		p.printDetail("%s", line)
	}
}

func (p *runner) skip(n int, at time.Duration, reason string) {
	p.Skipped += n
	p.printAt(at, "- skipped: %s", reason)
}

func (p *runner) countUnreached(instants []instant) {
	for _, m := range instants {
		for _, s := range m.steps {
			p.NotReached += len(s.expect)
		}
	}
}
