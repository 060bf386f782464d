package sandbox_test

import (
	"context"
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/slack-go/slack"

	"muster/internal/sandbox"
	"muster/internal/sandbox/clock"
	"muster/internal/sandbox/sandboxtest"
	"muster/internal/sandbox/workspace"
)

// limited is how long Slack asks to wait, 0 if it does not.
func limited(t *testing.T, err error) time.Duration {
	t.Helper()
	limit, ok := errors.AsType[*slack.RateLimitedError](err)
	if ok {
		return limit.RetryAfter
	}
	if err != nil {
		t.Error(err)
	}
	return 0
}

func TestRateLimit_Tier_IsTheMethods(t *testing.T) {
	w := sandboxtest.Serve(t, sandbox.Options{})
	ws := sandboxtest.Dial(t, w.URL())
	api := client(w)
	for name, c := range map[string]struct {
		call func() error
		most int
	}{
		"tier 2": {func() error { _, err := api.GetUserGroupMembers("S0ONCALL01"); return err }, 20},
		"tier 3": {func() error { _, err := api.GetBotInfo(slack.GetBotInfoParameters{Bot: workspace.BotID}); return err }, 50},
		"tier 4": {func() error { _, err := api.GetUserInfo("U0ONCALL01"); return err }, 100},
	} {
		t.Run(name, func(t *testing.T) {
			for n := range c.most {
				if wait := limited(t, c.call()); wait > 0 {
					t.Fatalf("call %d has to wait %s", n+1, wait)
				}
			}
			wait := limited(t, c.call())
			if wait <= 0 || wait > time.Minute {
				t.Fatalf("one too many has to wait %s", wait)
			}
			ws.Advance(wait)
			if again := limited(t, c.call()); again > 0 {
				t.Errorf("after %s it has to wait another %s", wait, again)
			}
		})
	}
}

// poster is a bot that posts while the clock stands still.
type poster struct {
	t     *testing.T
	w     *sandbox.Server
	post  []string // channels, in turn
	waits []time.Duration
}

func (p *poster) Next(context.Context) (clock.Due, bool, error) { return clock.Due{}, false, nil }

func (p *poster) Settle(context.Context) error {
	for _, channel := range p.post {
		_, _, err := client(p.w).PostMessage(channel, slack.MsgOptionText("x", false))
		p.waits = append(p.waits, limited(p.t, err))
	}
	p.post = nil
	return nil
}

func TestRateLimit_Posts_OneASecondAndFiveAtOnce(t *testing.T) {
	w := sandboxtest.Serve(t, sandbox.Options{})
	ws := sandboxtest.Dial(t, w.URL())
	p := &poster{t: t, w: w}
	w.Attach(p)
	const c, other = workspace.Incidents, workspace.General
	for _, step := range []struct {
		post []string
		want []time.Duration
	}{
		{[]string{c, c, c, c, c, "#incidents", other}, []time.Duration{0, 0, 0, 0, 0, time.Second, 0}},
		{[]string{c, c, c}, []time.Duration{0, 0, time.Second}}, // after 2 s
	} {
		p.post, p.waits = step.post, nil
		ws.Advance(2 * time.Second)
		if !slices.Equal(p.waits, step.want) {
			t.Errorf("posts to %v had to wait %v, want %v", step.post, p.waits, step.want)
		}
	}
}
