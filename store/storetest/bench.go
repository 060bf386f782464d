package storetest

import (
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"muster/internal/incident"
	"muster/internal/notice"
	"muster/store"
)

// Benchmark measures a driver by what Muster does most: commits of many people
// at once, and the timers that come due.
func Benchmark(b *testing.B, open Open) {
	b.Run("Commit", func(b *testing.B) { benchmarkCommit(b, open(b)) })
	for _, lanes := range []int{200, 20_000} {
		b.Run(fmt.Sprintf("Look/%d-lanes-behind-a-gate", lanes), func(b *testing.B) { benchmarkLook(b, open(b), lanes) })
	}
	for _, scheduled := range []int{100_000, 1_000_000} {
		b.Run(fmt.Sprintf("ClaimAndSettle/%d-scheduled", scheduled), func(b *testing.B) {
			benchmarkTimers(b, open(b), scheduled)
		})
	}
}

// benchmarkLook looks for work while so many lanes wait at a gate that is shut.
func benchmarkLook(b *testing.B, s store.Store, lanes int) {
	for n := range lanes / 200 {
		c := incident.Commit{Key: fmt.Sprint(n), At: start, Changes: []incident.Change{{
			After: incident.Incident{Number: incident.Number(n + 1), Version: 1, Status: incident.Investigating},
		}}}
		for i := range 200 {
			queued(fmt.Sprintf("incident:%d-%d", n, i), fmt.Sprintf("%d.%d", n, i), op(notice.OpOpen))(&c)
		}
		if err := s.Commit(b.Context(), summarized(c)); err != nil {
			b.Fatal(err)
		}
	}
	limits := notice.Limits{Ops: map[notice.Op]notice.Rate{notice.OpOpen: {Every: time.Hour}}}
	for found := true; found; {
		var err error
		if _, found, err = s.Take(b.Context(), start, time.Hour, limits); err != nil {
			b.Fatal(err)
		}
	}
	b.ResetTimer()
	for range b.N {
		if _, found, err := s.Take(b.Context(), start.Add(time.Second), time.Hour, limits); found || err != nil {
			b.Fatal(found, err)
		}
	}
	b.ReportMetric(float64(b.Elapsed().Microseconds())/float64(b.N)/1000, "ms-look")
}

// writers is how many people change incidents at the same time.
const writers = 16

// benchmarkCommit lets each writer post updates to an incident of its own. Its
// notices queue up, as they do while Slack is away.
func benchmarkCommit(b *testing.B, s store.Store) {
	incidents := make([]incident.Incident, writers)
	for n := range incidents {
		i := whole(start)
		i.Number, i.Version, i.Entries = incident.Number(n+1), 0, 0
		incidents[n] = i
		incidents[n] = update(b, s, incidents[n], "declare")
	}
	var left atomic.Int64
	left.Store(int64(b.N))
	var group sync.WaitGroup
	b.ResetTimer()
	for _, i := range incidents {
		group.Go(func() {
			for left.Add(-1) >= 0 && !b.Failed() {
				i = update(b, s, i, "update")
			}
		})
	}
	group.Wait()
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "commits/s")
}

// update commits what a usual update does: an entry, two messages, an edit of
// the card, and the next reminder.
func update(b *testing.B, s store.Store, inc incident.Incident, what string) incident.Incident {
	inc.Version++
	inc.Entries++
	inc.Texts = map[incident.Topic]int{incident.TopicProgress: inc.Entries}
	at := start.Add(time.Duration(inc.Version) * time.Second)
	e := incident.Entry{
		Seq: inc.Entries, At: at, By: "U061F7AUR", Kind: incident.EntryUpdated,
		Facts: map[string]string{
			"text":   "We found the faulty release and are rolling it back; payments recover in the first region.",
			"status": "identified", "eta": "20 minutes",
		}, Hash: "a3f5", Prev: "b7c1",
	}
	c := incident.Commit{
		Key: fmt.Sprintf("%s %d %d", what, inc.Number, inc.Version), At: at,
		Changes: []incident.Change{{After: inc, Entries: []incident.Entry{e}}},
	}
	ours, version := fmt.Sprintf("incident:%d", inc.Number), inc.Version
	tells := func(n *notice.Notice) { n.Entry = e.Seq }
	queued(ours, fmt.Sprintf("%d.%d.0", inc.Number, version), tells)(&c)
	queued(ours, fmt.Sprintf("%d.%d.1", inc.Number, version), merge("card"))(&c)
	queued("channel:C0", fmt.Sprintf("%d.%d.2", inc.Number, version), tells)(&c)
	timer(incident.TimerUpdate, at.Add(time.Hour))(&c)
	if err := s.Commit(b.Context(), summarized(c)); err != nil {
		b.Error(err)
	}
	return inc
}

// Timers are claimed and settled in batches, many of them to a round, so that
// the number of those scheduled stays nearly the same.
const (
	batch = 100
	round = 200 * batch
)

func benchmarkTimers(b *testing.B, s store.Store, scheduled int) {
	f := &filler{TB: b, Store: s, last: start}
	f.schedule(scheduled)
	b.ResetTimer()
	for range b.N {
		for done := 0; done < round; done += batch {
			claims, err := s.ClaimDue(b.Context(), f.last, time.Minute, batch)
			if err != nil || len(claims) != batch {
				b.Fatal(len(claims), err)
			}
			if n, err := s.Settle(b.Context(), claims...); err != nil || n != batch {
				b.Fatal(n, err)
			}
		}
		b.StopTimer()
		f.schedule(round)
		b.StartTimer()
	}
	b.ReportMetric(float64(b.N*round)/b.Elapsed().Seconds(), "timers/s")
	b.ReportMetric(0, "ns/op")
}

// filler schedules timers, a thousand to an incident.
type filler struct {
	testing.TB
	store.Store
	incidents int
	last      time.Time
}

func (f *filler) schedule(count int) {
	for range count / 1000 {
		f.incidents++
		i := incident.Incident{Number: incident.Number(f.incidents), Version: 1, Status: incident.Investigating}
		c := incident.Commit{Key: i.Number.String(), At: start, Changes: []incident.Change{{After: i}}}
		for n := range 1000 {
			f.last = f.last.Add(time.Millisecond)
			timer(incident.TimerName(fmt.Sprintf("timer-%d", n)), f.last)(&c)
		}
		if err := f.Commit(f.Context(), summarized(c)); err != nil {
			f.Fatal(err)
		}
	}
}
