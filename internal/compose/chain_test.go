package compose_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"pgregory.net/rapid"

	"muster/internal/compose"
	"muster/internal/incident"
	"muster/internal/incident/incidenttest"
	"muster/internal/notice"
	"muster/internal/outbox"
	"muster/internal/policy"
	"muster/internal/slackid"
)

// mishap is what goes wrong with one operation on the store or one delivery.
type mishap int

const (
	fine mishap = iota
	neverArrived
	replyLost // it was carried out, but the answer was lost
	limited
	refused
	panics
	hangs
)

// luck deals out mishaps until they run out.
type luck struct {
	mu   sync.Mutex
	left []mishap
}

func (l *luck) next() (m mishap) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if len(l.left) > 0 {
		m, l.left = l.left[0], l.left[1:]
	}
	return m
}

var errAway = errors.Join(incident.ErrUnavailable, errors.New("connection reset"))

// flaky is a store that is away now and then, and keeps what was ever queued.
type flaky struct {
	*incidenttest.Store
	luck   *luck
	queued []notice.Notice
}

func (f *flaky) do(write func() error) error {
	switch f.luck.next() {
	case neverArrived:
		return errAway
	case replyLost:
		if err := write(); err != nil {
			return err
		}
		return errAway
	}
	return write()
}

func (f *flaky) Load(ctx context.Context, ref incident.Ref, key string, want incident.Want) (inc incident.Incident, repeated bool, err error) {
	err = f.do(func() (err error) {
		inc, repeated, err = f.Store.Load(ctx, ref, key, want)
		return err
	})
	return inc, repeated, err
}

func (f *flaky) Commit(ctx context.Context, c incident.Commit) error {
	return f.do(func() error {
		err := f.Store.Commit(ctx, c)
		if err == nil {
			f.luck.mu.Lock()
			f.queued = append(f.queued, c.Queued()...)
			f.luck.mu.Unlock()
		}
		return err
	})
}

func (f *flaky) Take(ctx context.Context, now time.Time, length time.Duration, limits notice.Limits) (l notice.Lease, ok bool, err error) {
	err = f.do(func() (err error) {
		l, ok, err = f.Store.Take(ctx, now, length, limits)
		return err
	})
	return l, ok && err == nil, err
}

func (f *flaky) Release(ctx context.Context, l notice.Lease, r notice.Retry) error {
	return f.do(func() error { return f.Store.Release(ctx, l, r) })
}

func (f *flaky) Pop(ctx context.Context, l notice.Lease) error {
	return f.do(func() error { return f.Store.Pop(ctx, l) })
}

// unlucky sends, unless something goes wrong.
type unlucky struct {
	luck   *luck
	mu     sync.Mutex
	posted map[string]int // by key
}

func (u *unlucky) Send(ctx context.Context, d outbox.Delivery) (notice.Receipt, error) {
	switch why := errors.New("mishap"); u.luck.next() {
	case neverArrived:
		return notice.Receipt{}, &outbox.Unknown{Err: why}
	case replyLost:
		u.apply(d)
		return notice.Receipt{}, &outbox.Unknown{Err: why}
	case limited:
		return notice.Receipt{}, &outbox.RetryLater{After: 30 * time.Second, Op: true, Err: why}
	case refused:
		return notice.Receipt{}, &outbox.Refused{Reason: "no", Err: why}
	case panics:
		u.apply(d)
		panic("after")
	case hangs:
		u.apply(d)
		<-ctx.Done()
		return notice.Receipt{}, ctx.Err()
	}
	return u.apply(d), nil
}

// apply does what the delivery asks for, unless one in doubt finds it done.
func (u *unlucky) apply(d outbox.Delivery) notice.Receipt {
	u.mu.Lock()
	defer u.mu.Unlock()
	if !d.InDoubt || u.posted[d.Key] == 0 {
		u.posted[d.Key]++
	}
	r := notice.Receipt{
		Message: notice.Message{Channel: d.To.Channel, TS: "1700000000.000100"},
		Users:   slices.Collect(d.People.Users.All()),
	}
	for g := range d.People.Groups.All() {
		r.Users = append(r.Users, slackid.User("U0OF"+string(g)))
	}
	if d.Op == notice.OpOpen {
		r.Channel, r.Name = channel, d.Channel.Names[0]
	}
	return r
}

// TestChain_WhateverGoesWrong_DeliversEachNoticeOnceOrKeepsIt lets store and
// sender fail at random between declaring and the last empty lane.
func TestChain_WhateverGoesWrong_DeliversEachNoticeOnceOrKeepsIt(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		declarations := rapid.SliceOfN(rapid.Bool(), 1, 4).Draw(rt, "private")
		store := rapid.SliceOfN(rapid.SampledFrom([]mishap{fine, fine, neverArrived, replyLost}), 0, 60).Draw(rt, "store")
		sender := rapid.SliceOfN(rapid.SampledFrom([]mishap{fine, neverArrived, replyLost, limited, refused, panics, hangs}), 0, 30).Draw(rt, "sender")
		var wrong []string
		synctest.Test(t, func(t *testing.T) { wrong = survive(t, declarations, store, sender) })
		for _, s := range wrong {
			rt.Error(s)
		}
	})
}

// survive delivers in spite of the mishaps, and says what came out wrong.
func survive(t *testing.T, declarations []bool, storeLuck, senderLuck []mishap) (wrong []string) {
	store := &flaky{Store: incidenttest.NewStore(), luck: &luck{}}
	sender := &unlucky{luck: &luck{left: senderLuck}, posted: map[string]int{}}
	service := &incident.Service{Store: store, Policy: incidenttest.Policy(), Now: time.Now, Wake: func() {}}
	d := outbox.New(outbox.Options{
		Lanes: store, Now: time.Now,
		Subjects: map[notice.Kind]outbox.Composer{notice.Incident: &compose.Incident{Incidents: service, Renderer: words{}}},
		Senders:  map[notice.Medium]outbox.Sender{notice.Slack: sender},
	})
	for n, private := range declarations {
		request := incident.Request{Key: fmt.Sprint("declare ", n), By: incidenttest.Ana}
		if _, err := service.Do(t.Context(), request, func(inc incident.Incident, o incident.Origin) (incident.Change, error) {
			return inc.Declare(o, incident.Declaration{Title: request.Key, Severity: policy.P1, Private: private})
		}); err != nil {
			t.Fatal(err)
		}
	}
	store.luck.left = storeLuck
	deliverAll(t, d, store)
	dead := deadLetters(t, service, len(declarations))
	for _, n := range store.queued {
		if times := sender.posted[n.Key]; n.Op == notice.OpPost && times != 1 && (times > 1 || !slices.Contains(dead, n.Key) && !obsolete(t, service, n)) {
			wrong = append(wrong, fmt.Sprintf("%s (%s) was posted %d times; dead letters: %v", n.Key, n.Template, times, dead))
		}
	}
	return wrong
}

// deliverAll lets time pass until every lane is empty.
func deliverAll(t *testing.T, d *outbox.Dispatcher, store *flaky) {
	t.Helper()
	for range 2000 {
		if _, err := d.Flush(t.Context()); err != nil && !errors.Is(err, incident.ErrUnavailable) {
			t.Fatalf("flush: %v", err)
		}
		if len(store.Waiting()) == 0 {
			return
		}
		<-time.After(time.Second)
	}
	t.Fatal("the lanes do not empty")
}

// obsolete reports whether a notice has nothing to say in the end, as the alarm to
// a channel whose people were called by direct message meanwhile.
func obsolete(t *testing.T, s *incident.Service, n notice.Notice) bool {
	t.Helper()
	number, _ := incident.NumberOf(n.Subject)
	inc, err := s.Read(t.Context(), number, incident.Want{})
	if err != nil {
		t.Fatal(err)
	}
	return inc.Obsolete(n)
}

// deadLetters returns the keys of what could not be delivered.
func deadLetters(t *testing.T, s *incident.Service, incidents int) (keys []string) {
	t.Helper()
	for n := range incidents {
		inc, err := s.Read(t.Context(), incident.Number(n+1), incident.Want{Parts: []incident.PartKind{incident.PartDeadLetter}})
		if err != nil {
			t.Fatal(err)
		}
		letters, err := inc.DeadLetters()
		if err != nil {
			t.Fatal(err)
		}
		for _, l := range letters {
			keys = append(keys, l.Notice.Key)
		}
	}
	return keys
}
