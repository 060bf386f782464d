package rehearsal

import (
	"cmp"
	"context"
	"errors"
	"io"
	"slices"
	"strings"
	"time"

	"muster/internal/policy"
	"muster/internal/sandbox/control"
	"muster/internal/yamlfile"
)

const (
	actionGap      = 4 * time.Second  // between two actions of one instant, by the workspace's clock
	connectTimeout = 20 * time.Second // until Muster is there, in real time
	deliveryWait   = 2 * time.Second  // until what is on its way has come, in real time, where the o does not say
	defaultChannel = "#general"
)

// Options is where a scenario is played.
type Options struct {
	URL    string        // of the workspace, with Muster in it
	Policy policy.Policy // that Muster follows
	Out    io.Writer     // gets the timeline

	Patience time.Duration // in real time, with what is on its way; 0 = 2 s
}

// runner plays one scenario.
type runner struct {
	Options
	client
	Report
	scenario    Scenario
	start       time.Time
	state       state
	posted      []postedMessage // that anybody can read by now
	modalTexts  []postedMessage // in front of Slack, and closed since
	seenContent map[string]string
	writeErr    error // why the timeline could not be written
}

// postedMessage is a message and where it stands.
type postedMessage struct {
	message
	channel control.Channel
}

func (s postedMessage) key() string { return s.channel.ID + " " + s.TS }

// Run plays a scenario. The error is [yamlfile.Problems] where it does not fit the
// policy, and else means that it could not be played; an expectation that is not
// met is no error, but in the report.
func (s Scenario) Run(ctx context.Context, o Options) (Report, error) {
	instants, err := s.plan(o.Policy)
	if err != nil {
		return Report{}, err
	}
	p := &runner{Options: o, client: newClient(o.URL), scenario: s, seenContent: map[string]string{}}
	defer p.Close()
	began := time.Now()
	if err := p.connect(ctx); err != nil {
		return Report{}, err
	}
	if err := p.checkActors(instants); err != nil {
		return Report{}, err
	}
	p.start = p.state.Now
	for n, m := range instants {
		stopped, err := p.runInstant(ctx, m)
		if err == nil {
			err = p.writeErr
		}
		if err != nil {
			return Report{}, err
		}
		p.Clock = m.steps[len(m.steps)-1].at
		if stopped {
			p.countUnreached(instants[n+1:])
			break
		}
	}
	p.Took = time.Since(began)
	return p.Report, nil
}

// connect waits until Muster is in the workspace.
func (p *runner) connect(ctx context.Context) error {
	ctx, cancel := context.WithTimeoutCause(ctx, connectTimeout, errors.New("muster did not connect to the workspace in time"))
	defer cancel()
	for {
		var err error
		if p.state, err = p.client.state(ctx); err == nil && p.state.Sockets > 0 {
			return nil
		}
		if err == nil {
			err = p.waitForChange(ctx, connectTimeout)
		}
		if err != nil {
			if cause := context.Cause(ctx); cause != nil {
				return cause
			}
			return err
		}
	}
}

// checkActors checks that all who act exist; who does not is reported once.
func (p *runner) checkActors(instants []instant) error {
	var problems yamlfile.Problems
	seen := map[person]bool{}
	for _, m := range instants {
		for _, s := range m.steps {
			if !s.acts() || seen[s.actor] {
				continue
			}
			seen[s.actor] = true
			if _, reason := s.actor.resolve(p.Policy, p.state); reason != "" {
				problems = append(problems, yamlfile.Problem{
					File: p.scenario.File, Line: s.actorAt.Line, Column: s.actorAt.Column,
					What: reason, Right: "add somebody under people in the configuration, or use a person of the workspace, such as oncall",
				})
			}
		}
	}
	if len(problems) > 0 {
		return problems
	}
	return nil
}

// runInstant plays one instant, and reports whether it makes no sense to go on.
func (p *runner) runInstant(ctx context.Context, m instant) (stopped bool, err error) {
	if err := p.advanceTo(ctx, m.at); err != nil {
		return false, err
	}
	p.markSeen()
	for _, s := range m.steps {
		if !s.acts() {
			continue
		}
		err := p.perform(ctx, s)
		if refused, ok := errors.AsType[*refusal](err); ok {
			p.failed(s.at, cmp.Or(refused.at, s.step.at.place), verdict{text: "NOT DONE: " + strings.TrimSpace(refused.reason)})
			p.countUnreached([]instant{m})
			return true, nil
		}
		if err != nil {
			return false, err
		}
		if err := p.advance(ctx, actionGap); err != nil {
			return false, err
		}
	}
	if err := p.advanceTo(ctx, m.end()); err != nil {
		return false, err
	}
	return false, p.check(ctx, m)
}

// advanceTo moves the clock to a time from the start, if it has not come yet: a day
// at a time, since each request has to be answered before patience ends.
func (p *runner) advanceTo(ctx context.Context, at time.Duration) error {
	for {
		var err error
		if p.state, err = p.client.state(ctx); err != nil {
			return err
		}
		left := at - p.state.Now.Sub(p.start)
		if left <= 0 {
			return nil
		}
		if err := p.advance(ctx, min(left, 24*time.Hour)); err != nil {
			return err
		}
	}
}

// markSeen lets only what is said from now on count as new.
func (p *runner) markSeen() {
	for _, m := range p.posted {
		p.seenContent[m.key()] = m.content()
	}
}

// waitForChange returns when something has changed since the state was read, or
// limit is over.
func (p *runner) waitForChange(ctx context.Context, limit time.Duration) error {
	_, err := p.Wait(ctx, p.state.Version, limit)
	return orRefusal(err)
}

// readMessages reads all that anybody can read.
func (p *runner) readMessages(ctx context.Context) error {
	var err error
	if p.state, err = p.client.state(ctx); err != nil {
		return err
	}
	p.posted = slices.Clone(p.modalTexts)
	for _, c := range p.state.Channels {
		messages, err := p.messages(ctx, c.ID, "")
		if err != nil {
			return err
		}
		for _, m := range messages {
			if m.User == p.state.Bot.User && !strings.HasPrefix(m.Subtype, "channel_") {
				p.posted = append(p.posted, postedMessage{m, c})
			}
		}
	}
	names := p.state.names()
	for i := range p.posted {
		p.posted[i].name(names)
	}
	return nil
}
