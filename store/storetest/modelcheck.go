package storetest

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	gocmp "github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"muster/internal/incident"
	"muster/internal/incident/incidenttest"
	"muster/internal/notice"
	"muster/internal/policy"
	"muster/internal/slackid"
	"muster/store"
)

// checkModel does the same random things to a store and to the model, and
// compares every answer: after each step what the step is about, and all that
// can be seen now and then, and in the end.
func checkModel(t *testing.T, open Open, brief bool) {
	cases, failing := 0, false
	rapid.Check(t, func(r *rapid.T) {
		if cases++; brief && cases > briefCases && !failing { // one that fails is still made small
			return
		}
		defer func() { failing = failing || r.Failed() }()
		p := &pair{T: r, ctx: t.Context(), store: open(t), model: incidenttest.NewStore(), now: start}
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
				p.moveClock(time.Duration(rapid.IntRange(1, 90_000).Draw(r, "ms")) * time.Millisecond)
			},
			"clock goes back": func(r *rapid.T) {
				p.moveClock(-time.Duration(rapid.IntRange(1, 90_000).Draw(r, "ms")) * time.Millisecond)
			},
		})
		p.compareAll()
	})
}

// briefCases is how many random cases there are at most in a brief check.
const briefCases = 10

// allEvery is after how many steps all that can be seen is compared.
const allEvery = 8

// pair is a store and its model, with the claims and leases that workers hold.
// Fences are the driver's own business, so each is kept twice.
type pair struct {
	*rapid.T
	ctx    context.Context
	store  store.Store
	model  *incidenttest.Store
	now    time.Time
	keys   int
	steps  int
	claims []twice[incident.Claim]
	leases []twice[notice.Lease]
}

// twice is the same thing as the store and as the model gave it.
type twice[T any] struct{ store, model T }

var (
	aLane     = rapid.SampledFrom([]string{"a", "b", "c", "c incident/1", "c incident/2"})
	aName     = rapid.SampledFrom([]incident.TimerName{incident.TimerRespond, incident.TimerUpdate, "task:3"})
	anID      = rapid.SampledFrom([]string{"1", "2", "10", "ä ö"})
	aKind     = rapid.SampledFrom([]incident.PartKind{"task", "undo"})
	anOp      = rapid.SampledFrom([]notice.Op{notice.OpPost, notice.OpPost, notice.OpOpen, notice.OpPin, notice.OpPin})
	aStatus   = rapid.SampledFrom([]incident.Status{incident.Investigating, incident.Resolved})
	aSeverity = rapid.SampledFrom([]policy.Severity{policy.P0, policy.P2})
	aTopic    = rapid.SampledFrom([]incident.Topic{incident.TopicImpact, incident.TopicProgress})
	aChannel  = rapid.SampledFrom([]slackid.Channel{"", "C1", "C2"})
	aLimit    = rapid.SampledFrom([]notice.Limits{
		{},
		{Destination: notice.Rate{Every: time.Second, Burst: 2}},
		{Destination: notice.Rate{Every: 30 * time.Second}, Ops: map[notice.Op]notice.Rate{
			notice.OpOpen: {Every: time.Minute, Burst: 1}, notice.OpPost: {Every: 10 * time.Second, Burst: 3},
		}},
		{UrgentOnly: true, Ops: map[notice.Op]notice.Rate{notice.OpPin: bounded}},
		{Ops: map[notice.Op]notice.Rate{notice.OpPin: bounded}},
	})
)

// bounded is the same in all limits, so that no pass is forgotten early.
var bounded = notice.Rate{Every: 2 * time.Second, Most: 3, Per: time.Minute}

// sometimes is true once in so many times.
func sometimes(r *rapid.T, in int, what string) bool {
	return rapid.IntRange(1, in).Draw(r, what) == in
}

func (p *pair) commit(r *rapid.T) {
	p.keys++
	c := incident.Commit{Key: fmt.Sprintf("key-%d", p.keys), At: p.now}
	if sometimes(r, 10, "repeated") {
		c.Key = "key-1"
	}
	numbers := rapid.SliceOfNDistinct(rapid.IntRange(1, p.last()+2), 0, 3, rapid.ID).Draw(r, "numbers")
	for _, n := range numbers {
		c.Changes = append(c.Changes, p.drawChange(r, incident.Number(n), c.Key))
	}
	for range rapid.IntRange(0, 1).Draw(r, "digests") {
		c.Notices = append(c.Notices, digest(aLane.Draw(r, "lane"), c.Key+".digest"))
	}
	if sometimes(r, 4, "slot") {
		job, at := p.drawSlot(r)
		slot(job, at)(&c)
	}
	c = summarized(c)
	twin := p.drawSettled(r, &c)
	p.agree(p.store.Commit(p.ctx, c), p.model.Commit(p.ctx, twin))
	p.compareRows()
	p.compareReferences()
	for _, n := range numbers {
		p.compareIncident(incident.Number(n))
	}
}

// last is how many incidents there are.
func (p *pair) last() int {
	blank, _, err := p.model.Load(p.ctx, incident.Ref{}, "", incident.Want{})
	p.agree(err, nil)
	return int(blank.Number) - 1
}

func (p *pair) drawChange(r *rapid.T, n incident.Number, key string) incident.Change {
	inc, _, err := p.model.Load(p.ctx, incident.Ref{Number: n}, "", incident.Want{})
	if err != nil {
		inc = incident.Incident{Number: n}
	}
	inc.Version++
	if sometimes(r, 20, "stale") {
		inc.Version++
	}
	inc.Status, inc.Channel, inc.Severity = aStatus.Draw(r, "status"), aChannel.Draw(r, "channel"), aSeverity.Draw(r, "severity")
	c := incident.Change{}
	for range rapid.IntRange(0, 2).Draw(r, "entries") {
		inc.Entries++
		c.Entries = append(c.Entries, incident.Entry{Seq: inc.Entries, At: p.now, Facts: map[string]string{"text": key}})
		if sometimes(r, 2, "cited") {
			inc.Texts = maps.Clone(inc.Texts)
			if inc.Texts == nil {
				inc.Texts = map[incident.Topic]int{}
			}
			inc.Texts[aTopic.Draw(r, "topic")] = inc.Entries
		}
	}
	c.After = inc
	one := incident.Commit{Key: key, At: p.now, Changes: []incident.Change{c}}
	p.drawParts(r, &one)
	p.drawTimers(r, &one)
	p.drawNotices(r, &one)
	return one.Changes[0]
}

func (p *pair) drawParts(r *rapid.T, c *incident.Commit) {
	kind := aKind.Draw(r, "kind")
	for _, id := range rapid.SliceOfNDistinct(anID, 0, 3, rapid.ID).Draw(r, "parts") {
		body := ""
		if !sometimes(r, 3, "remove") {
			body = fmt.Sprintf(`{"n":%d}`, rapid.IntRange(0, 9).Draw(r, "body"))
		}
		part(kind, id, body)(c)
	}
}

func (p *pair) drawTimers(r *rapid.T, c *incident.Commit) {
	for _, name := range rapid.SliceOfNDistinct(aName, 0, 2, rapid.ID).Draw(r, "timers") {
		var at time.Time
		if !sometimes(r, 4, "clear") {
			at = p.now.Add(time.Duration(rapid.IntRange(-10, 120).Draw(r, "in seconds")) * time.Second)
		}
		timer(name, at)(c)
	}
}

func (p *pair) drawNotices(r *rapid.T, c *incident.Commit) {
	for n := range rapid.IntRange(0, 3).Draw(r, "notices") {
		how := func(x *notice.Notice) {
			x.Op = anOp.Draw(r, "op")
			x.Priority = notice.Priority(rapid.IntRange(0, notice.Priorities-1).Draw(r, "priority"))
			if sometimes(r, 3, "merges") {
				x.Merge = "card"
			}
		}
		queued(aLane.Draw(r, "lane"), fmt.Sprintf("%s.%d.%d", c.Key, c.Changes[0].After.Number, n), how)(c)
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
	want, err := p.model.ClaimDue(p.ctx, p.now, lease, 1000)
	p.agree(err, nil)
	byName := func(a, b incident.Claim) int {
		return strings.Compare(fmt.Sprint(a.Timer.Number, a.Timer.Name), fmt.Sprint(b.Timer.Number, b.Timer.Name))
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
	want, err := p.model.Settle(p.ctx, claim.model)
	p.agree(err, nil)
	p.same(got, want)
}

func (p *pair) drawSlot(r *rapid.T) (job string, at time.Time) {
	job = rapid.SampledFrom([]string{"daily", "weekly"}).Draw(r, "job")
	return job, start.Add(time.Duration(rapid.IntRange(0, 5).Draw(r, "hour")) * time.Hour)
}

func (p *pair) claimSlot(r *rapid.T) {
	job, at := p.drawSlot(r)
	last, won, err := p.store.ClaimSlot(p.ctx, job, at)
	p.agree(err, nil)
	wantLast, wantWon, err := p.model.ClaimSlot(p.ctx, job, at)
	p.agree(err, nil)
	p.same(last, wantLast)
	p.same(won, wantWon)
}

// moveClock moves the clock. A step back within the tolerance counts as none: which
// of the two moments a gate that opens in between goes by is a driver's own business.
func (p *pair) moveClock(by time.Duration) {
	p.now = p.now.Add(by)
	if seen := p.model.Clock(); seen.After(p.now) && seen.Sub(p.now) <= notice.ClockTolerance {
		p.now = seen
	}
}

func (p *pair) take(r *rapid.T) {
	lease := time.Duration(rapid.IntRange(0, 60).Draw(r, "lease")) * time.Second
	limits := aLimit.Draw(r, "limits")
	got, ok, err := p.store.Take(p.ctx, p.now, lease, limits)
	p.agree(err, nil)
	want, wantOK, err := p.model.Take(p.ctx, p.now, lease, limits)
	p.agree(err, nil)
	p.same(ok, wantOK)
	if ok {
		p.leases = append(p.leases, twice[notice.Lease]{got, want})
		got.Fence = want.Fence
		p.same(got, want)
	}
}

func (p *pair) release(r *rapid.T) {
	if len(p.leases) == 0 {
		return
	}
	lease := rapid.SampledFrom(p.leases).Draw(r, "lease")
	h := notice.Retry{
		At:        p.now,
		NotBefore: p.now.Add(time.Duration(rapid.IntRange(0, 60).Draw(r, "seconds")) * time.Second),
		InDoubt:   rapid.Bool().Draw(r, "unsure"),
	}
	if h.InDoubt && rapid.Bool().Draw(r, "since when") {
		h.Doubted = p.now
	}
	if sometimes(r, 3, "block") {
		h.Op = anOp.Draw(r, "op")
	}
	p.agree(p.store.Release(p.ctx, lease.store, h), p.model.Release(p.ctx, lease.model, h))
}

func (p *pair) pop(r *rapid.T) {
	if len(p.leases) == 0 {
		return
	}
	lease := rapid.SampledFrom(p.leases).Draw(r, "lease")
	p.agree(p.store.Pop(p.ctx, lease.store), p.model.Pop(p.ctx, lease.model))
}

// compare looks at what any step may have changed, and now and then at all.
// What a commit may have changed beside that, it looks at itself.
func (p *pair) compare(*rapid.T) {
	if p.steps++; p.steps%allEvery == 0 {
		p.compareAll()
		return
	}
	p.compareSlots()
	p.compareNext()
}

// compareAll looks at all that can be seen.
func (p *pair) compareAll() {
	p.compareRows()
	p.compareReferences()
	for n := range p.last() {
		p.compareIncident(incident.Number(n + 1))
	}
	p.compareSlots()
	p.compareNext()
}

// wanted is what is loaded beside a head.
var wanted = incident.Want{Parts: []incident.PartKind{"task", "undo"}, Texts: true, Entries: []int{3}}

// compareReferences loads what a channel, a key and nothing at all refer to.
func (p *pair) compareReferences() {
	for _, ref := range []incident.Ref{{}, {Channel: "C1"}, {Channel: "C2"}} {
		p.compareLoad(ref, "", wanted)
	}
	p.compareLoad(incident.Ref{Channel: "C1"}, "key-1", wanted)
	p.compareLoad(incident.Ref{}, fmt.Sprintf("key-%d", p.keys), incident.Want{})
}

// compareIncident reads an incident whole, and its head alone.
func (p *pair) compareIncident(n incident.Number) {
	p.compareLoad(incident.Ref{Number: n}, "", wanted)
	p.compareLoad(incident.Ref{Number: n}, "", incident.Want{})
	got, gotErr := p.store.Timeline(p.ctx, n)
	want, err := p.model.Timeline(p.ctx, n)
	p.agree(gotErr, err)
	p.same(got, want)
}

func (p *pair) compareSlots() {
	for _, job := range []string{"daily", "weekly"} {
		got, err := p.store.LastSlot(p.ctx, job)
		p.agree(err, nil)
		want, err := p.model.LastSlot(p.ctx, job)
		p.agree(err, nil)
		p.same(got, want)
	}
}

func (p *pair) compareNext() {
	due, ok, err := p.store.Next(p.ctx)
	p.agree(err, nil)
	dues, err := p.model.Dues(p.ctx)
	p.agree(err, nil)
	p.same(ok, len(dues) > 0)
	if ok && !slices.Contains(dues, due) {
		p.Fatalf("the store says that %v is next, the model one of %v", due, dues)
	}
}

// compareRows reads each list whole, and its second page.
func (p *pair) compareRows() {
	for _, q := range []incident.Query{{}, {Open: true}, {Since: p.now.Add(-time.Minute)}, {Open: true, Since: p.now.Add(-time.Minute)}} {
		all, err := p.model.Find(p.ctx, q)
		p.agree(err, nil)
		got, err := p.store.Find(p.ctx, q)
		p.agree(err, nil)
		p.same(got, all)
		if len(all) < 2 {
			continue
		}
		q.After, q.Limit = &all[0], 1
		got, err = p.store.Find(p.ctx, q)
		p.agree(err, nil)
		p.same(got, all[1:2])
	}
}

func (p *pair) compareLoad(ref incident.Ref, key string, want incident.Want) {
	p.Helper()
	got, repeated, err := p.store.Load(p.ctx, ref, key, want)
	wanted, wantRepeated, wantErr := p.model.Load(p.ctx, ref, key, want)
	p.agree(err, wantErr)
	p.same(got, wanted)
	p.same(repeated, wantRepeated)
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
