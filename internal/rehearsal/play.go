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
	"muster/internal/yamlfile"
)

const (
	toAnswer    = 4 * time.Second  // between two deeds of one moment, by the workspace's clock
	toConnect   = 20 * time.Second // until Muster is there, in real time
	toDeliver   = 2 * time.Second  // until what is on its way has come, in real time, where the stage does not say
	defaultRoom = "#general"
)

// Stage is where a scenario is played.
type Stage struct {
	URL    string        // of the workspace, with Muster in it
	Policy policy.Policy // that Muster follows
	Out    io.Writer     // gets the timeline

	Patience time.Duration // in real time, with what is on its way; 0 = 2 s
}

// player plays one scenario.
type player struct {
	Stage
	*client
	Report
	scenario Scenario
	start    time.Time
	state    state
	all      []said // that anybody can read by now
	shown    []said // in front of Slack, and closed since
	before   map[string]string
	unheard  error // why the timeline could not be written
}

// said is a message and where it stands.
type said struct {
	message
	where channel
}

func (s said) key() string { return s.where.ID + " " + s.TS }

// Play plays a scenario. The error is [yamlfile.Problems] where it does not fit the
// policy, and else means that it could not be played; an expectation that is not
// met is no error, but in the report.
func (s Scenario) Play(ctx context.Context, stage Stage) (Report, error) {
	moments, err := s.plan(stage.Policy)
	if err != nil {
		return Report{}, err
	}
	p := &player{Stage: stage, client: dial(stage.URL), scenario: s, before: map[string]string{}}
	defer p.close()
	began := time.Now()
	if err := p.connect(ctx); err != nil {
		return Report{}, err
	}
	if err := p.people(moments); err != nil {
		return Report{}, err
	}
	p.start = p.state.Now
	for n, m := range moments {
		stopped, err := p.play(ctx, m)
		if err == nil {
			err = p.unheard
		}
		if err != nil {
			return Report{}, err
		}
		if p.Clock = m.steps[len(m.steps)-1].at; stopped {
			p.unreached(moments[n+1:])
			break
		}
	}
	p.Took = time.Since(began)
	return p.Report, nil
}

// connect waits until Muster is in the workspace.
func (p *player) connect(ctx context.Context) error {
	ctx, cancel := context.WithTimeoutCause(ctx, toConnect, errors.New("muster did not connect to the workspace in time"))
	defer cancel()
	for {
		var err error
		if p.state, err = p.client.state(ctx); err == nil && p.state.Sockets > 0 {
			return nil
		}
		if err == nil {
			err = p.wait(ctx, p.state.Version, toConnect)
		}
		if err != nil {
			if cause := context.Cause(ctx); cause != nil {
				return cause
			}
			return err
		}
	}
}

// people holds all who act to be somebody; who is nobody is told once.
func (p *player) people(moments []together) error {
	var problems yamlfile.Problems
	seen := map[person]bool{}
	for _, m := range moments {
		for _, s := range m.steps {
			if !s.acts() || seen[s.who] {
				continue
			}
			seen[s.who] = true
			if _, why := s.who.find(p.Policy, p.state); why != "" {
				problems = append(problems, yamlfile.Problem{
					File: p.scenario.File, Line: s.whoAt.Line, Column: s.whoAt.Column,
					What: why, Right: "name somebody under people in the configuration, or let somebody of the workspace do this, such as oncall",
				})
			}
		}
	}
	if len(problems) > 0 {
		return problems
	}
	return nil
}

// play plays one moment, and tells whether it makes no sense to go on.
func (p *player) play(ctx context.Context, m together) (stopped bool, err error) {
	if err := p.moveTo(ctx, m.at); err != nil {
		return false, err
	}
	p.forget()
	for _, s := range m.steps {
		if !s.acts() {
			continue
		}
		err := p.do(ctx, s)
		if refused, ok := errors.AsType[*refusal](err); ok {
			p.failed(s.at, cmp.Or(refused.at, s.step.at.place), verdict{words: "NOT DONE: " + strings.TrimSpace(refused.why)})
			p.unreached([]together{m})
			return true, nil
		}
		if err != nil {
			return false, err
		}
		if err := p.advance(ctx, toAnswer); err != nil {
			return false, err
		}
	}
	if err := p.moveTo(ctx, m.over()); err != nil {
		return false, err
	}
	return false, p.check(ctx, m)
}

// moveTo moves the clock to a time from the start, if it has not come yet: a day
// at a time, since each request has to be answered before patience ends.
func (p *player) moveTo(ctx context.Context, at time.Duration) error {
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

// forget lets only what is said from now on count as new.
func (p *player) forget() {
	for _, m := range p.all {
		p.before[m.key()] = m.content()
	}
}

// look reads all that anybody can read.
func (p *player) look(ctx context.Context) error {
	var err error
	if p.state, err = p.client.state(ctx); err != nil {
		return err
	}
	p.all = slices.Clone(p.shown)
	for _, c := range p.state.Channels {
		messages, err := p.messages(ctx, c.ID, "")
		if err != nil {
			return err
		}
		for _, m := range messages {
			if m.User == p.state.Bot.User && !strings.HasPrefix(m.Subtype, "channel_") {
				p.all = append(p.all, said{m, c})
			}
		}
	}
	names := p.state.names()
	for i := range p.all {
		p.all[i].name(names)
	}
	return nil
}
