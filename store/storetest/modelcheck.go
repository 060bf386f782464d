package storetest

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	gocmp "github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"muster/internal/incident"
	"muster/internal/slackid"
	"muster/store"
)

// checkModel does the same random things to a store and to the model, and
// compares every answer.
func checkModel(t *testing.T, open Open) {
	rapid.Check(t, func(r *rapid.T) {
		p := &pair{T: r, ctx: t.Context(), store: open(t), model: newModel(), now: start}
		r.Repeat(map[string]func(*rapid.T){
			"":          p.compare,
			"commit":    p.commit,
			"claim due": p.claimDue,
			"settle":    p.settle,
			"slot":      p.claimSlot,
			"take":      p.take,
			"release":   p.release,
			"pop":       p.pop,
			"wait": func(r *rapid.T) {
				p.now = p.now.Add(time.Duration(rapid.IntRange(1, 90_000).Draw(r, "ms")) * time.Millisecond)
			},
		})
	})
}

// pair is a store and its model, with the claims and leases that workers hold.
// Fences are the driver's own business, so each is kept twice.
type pair struct {
	*rapid.T
	ctx    context.Context
	store  store.Store
	model  *model
	now    time.Time
	keys   int
	claims []twice[incident.Claim]
	leases []twice[incident.Lease]
}

// twice is the same thing as the store and as the model gave it.
type twice[T any] struct{ store, model T }

var (
	aLane    = rapid.SampledFrom([]string{"a", "b", "c"})
	aKind    = rapid.SampledFrom([]incident.TimerKind{incident.TimerRespond, incident.TimerUpdate, incident.TimerEscalate})
	anAct    = rapid.SampledFrom([]incident.Op{incident.OpPost, incident.OpPost, incident.OpOpen, incident.OpPin})
	aStatus  = rapid.SampledFrom([]incident.Status{incident.Investigating, incident.Resolved})
	aChannel = rapid.SampledFrom([]slackid.Channel{"", "C1", "C2"})
	aPace    = rapid.SampledFrom([]incident.RateLimits{
		{},
		{Lane: incident.Rate{Every: time.Second, Burst: 2}},
		{Lane: incident.Rate{Every: 30 * time.Second}, Ops: map[incident.Op]incident.Rate{
			incident.OpOpen: {Every: time.Minute, Burst: 1}, incident.OpPost: {Every: 10 * time.Second, Burst: 3},
		}},
	})
)

// sometimes is true once in so many times.
func sometimes(r *rapid.T, in int, what string) bool {
	return rapid.IntRange(1, in).Draw(r, what) == in
}

func (p *pair) commit(r *rapid.T) {
	n := incident.Number(rapid.IntRange(1, len(p.model.incidents)+1).Draw(r, "number"))
	i, _, err := p.model.load(incident.Ref{Number: n}, "")
	if err != nil {
		i = incident.Incident{Number: n}
	}
	if sometimes(r, 10, "stale") {
		i.Version++
	}
	p.keys++
	key := fmt.Sprintf("key-%d", p.keys)
	if sometimes(r, 10, "repeated") {
		key = "key-1"
	}
	i.Version++
	i.Status, i.Channel = aStatus.Draw(r, "status"), aChannel.Draw(r, "channel")
	c := incident.Commit{Key: key, At: p.now}
	for range rapid.IntRange(0, 2).Draw(r, "entries") {
		i.Entries++
		c.Change.Entries = append(c.Change.Entries, incident.Entry{Seq: i.Entries, At: p.now, Text: key})
	}
	c.Change.After = i
	p.drawTimers(r, &c)
	p.drawNotices(r, &c)
	twin := p.drawSettled(r, &c)
	p.agree(p.store.Commit(p.ctx, c), p.model.commit(twin))
}

func (p *pair) drawTimers(r *rapid.T, c *incident.Commit) {
	for _, kind := range rapid.SliceOfNDistinct(aKind, 0, 2, rapid.ID).Draw(r, "timers") {
		var at time.Time
		if !sometimes(r, 4, "clear") {
			at = p.now.Add(time.Duration(rapid.IntRange(-10, 120).Draw(r, "in seconds")) * time.Second)
		}
		timer(kind, at)(c)
	}
}

func (p *pair) drawNotices(r *rapid.T, c *incident.Commit) {
	for n := range rapid.IntRange(0, 3).Draw(r, "notices") {
		notice := func(x *incident.Notice) {
			x.Op = anAct.Draw(r, "act")
			x.Priority = incident.Priority(rapid.IntRange(0, incident.Priorities-1).Draw(r, "priority"))
			if sometimes(r, 3, "merges") {
				x.Merge = "card"
			}
		}
		queued(aLane.Draw(r, "lane"), fmt.Sprintf("%s.%d", c.Key, n), notice)(c)
	}
}

// drawSettled adds a claim and a lease to the commit, and gives the model's twin of it.
func (p *pair) drawSettled(r *rapid.T, c *incident.Commit) (twin incident.Commit) {
	twin = *c
	if len(p.claims) > 0 && sometimes(r, 3, "fired") {
		claim := rapid.SampledFrom(p.claims).Draw(r, "claim")
		c.Fired, twin.Fired = &claim.store, &claim.model
	}
	if len(p.leases) > 0 && sometimes(r, 3, "sent") {
		lease := rapid.SampledFrom(p.leases).Draw(r, "lease")
		c.Sent, twin.Sent = &lease.store, &lease.model
	}
	return twin
}

func (p *pair) claimDue(r *rapid.T) {
	lease := time.Duration(rapid.IntRange(0, 60).Draw(r, "lease")) * time.Second
	got, err := p.store.ClaimDue(p.ctx, p.now, lease, 1000)
	p.agree(err, nil)
	want := p.model.claimDue(p.now, lease)
	byName := func(a, b incident.Claim) int {
		return strings.Compare(fmt.Sprint(a.Timer.Number, a.Timer.Kind), fmt.Sprint(b.Timer.Number, b.Timer.Kind))
	}
	slices.SortFunc(got, byName)
	slices.SortFunc(want, byName)
	p.same(len(got), len(want))
	for n := range want {
		p.same(got[n].Timer, want[n].Timer)
		p.claims = append(p.claims, twice[incident.Claim]{got[n], want[n]})
	}
}

func (p *pair) settle(r *rapid.T) {
	if len(p.claims) == 0 {
		return
	}
	claim := rapid.SampledFrom(p.claims).Draw(r, "claim")
	got, err := p.store.Settle(p.ctx, claim.store)
	p.agree(err, nil)
	p.same(got, p.model.settle(claim.model))
}

func (p *pair) claimSlot(r *rapid.T) {
	job := rapid.SampledFrom([]string{"daily", "weekly"}).Draw(r, "job")
	slot := start.Add(time.Duration(rapid.IntRange(0, 5).Draw(r, "slot")) * time.Hour)
	last, won, err := p.store.ClaimSlot(p.ctx, job, slot)
	p.agree(err, nil)
	wantLast, wantWon := p.model.claimSlot(job, slot)
	p.same(last, wantLast)
	p.same(won, wantWon)
}

func (p *pair) take(r *rapid.T) {
	lease := time.Duration(rapid.IntRange(0, 60).Draw(r, "lease")) * time.Second
	pace := aPace.Draw(r, "pace")
	got, ok, err := p.store.Take(p.ctx, p.now, lease, pace)
	p.agree(err, nil)
	want, wantOK := p.model.take(p.now, lease, pace)
	p.same(ok, wantOK)
	if ok {
		p.leases = append(p.leases, twice[incident.Lease]{got, want})
		got.Fence = want.Fence
		p.same(got, want)
	}
}

func (p *pair) release(r *rapid.T) {
	if len(p.leases) == 0 {
		return
	}
	lease := rapid.SampledFrom(p.leases).Draw(r, "lease")
	h := incident.Retry{
		NotBefore: p.now.Add(time.Duration(rapid.IntRange(0, 60).Draw(r, "hold")) * time.Second),
		InDoubt:   rapid.Bool().Draw(r, "unsure"),
	}
	if sometimes(r, 3, "block") {
		h.Op = anAct.Draw(r, "act")
	}
	p.agree(p.store.Release(p.ctx, lease.store, h), p.model.release(lease.model, h))
}

func (p *pair) pop(r *rapid.T) {
	if len(p.leases) == 0 {
		return
	}
	lease := rapid.SampledFrom(p.leases).Draw(r, "lease")
	p.agree(p.store.Pop(p.ctx, lease.store), p.model.pop(lease.model))
}

// compare looks at all that can be seen.
func (p *pair) compare(*rapid.T) {
	for _, q := range []incident.Query{{}, {Open: true}, {Open: true, Limit: 1}} {
		got, err := p.store.Find(p.ctx, q)
		p.agree(err, nil)
		p.same(got, p.model.find(q))
	}
	for _, ref := range []incident.Ref{{}, {Channel: "C1"}, {Channel: "C2"}} {
		got, repeated, err := p.store.Load(p.ctx, ref, "key-1")
		want, wantRepeated, wantErr := p.model.load(ref, "key-1")
		p.agree(err, wantErr)
		p.same(got, want)
		p.same(repeated, wantRepeated)
	}
	for n, want := range p.model.timelines {
		if len(want) > 0 {
			got, err := p.store.Timeline(p.ctx, n)
			p.agree(err, nil)
			p.same(got, want)
		}
	}
	due, ok, err := p.store.Next(p.ctx)
	p.agree(err, nil)
	want := p.model.next()
	p.same(ok, len(want) > 0)
	if ok && !slices.Contains(want, due) {
		p.Fatalf("the store says that %v is next, the model one of %v", due, want)
	}
}

// agree expects the verdict that the model gave.
func (p *pair) agree(got, want error) {
	p.Helper()
	if !errors.Is(got, want) || want == nil && got != nil {
		p.Fatalf("the store says %v, the model %v", got, want)
	}
}

func (p *pair) same(got, want any) {
	p.Helper()
	if diff := gocmp.Diff(want, got); diff != "" {
		p.Fatalf("-model +store:\n%s", diff)
	}
}
