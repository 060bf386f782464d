package redis_test

import (
	"context"
	"errors"
	"fmt"
	"net"
	"strings"
	"testing"
	"time"

	goredis "github.com/redis/go-redis/v9"
	"go.uber.org/zap"

	"muster/internal/incident"
	"muster/internal/notice"
	"muster/store/redis"
	"muster/store/redis/redistest"
)

var start = time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)

// commit is the nth of one incident: an entry, a part, a notice and a timer.
func commit(n int) incident.Commit {
	return incident.Commit{
		Key: fmt.Sprintf("commit-%d", n), At: start,
		Changes: []incident.Change{{
			After:   incident.Incident{Number: 1, Version: n, Status: incident.Investigating, Entries: n},
			Summary: incident.Summary{Number: 1, Status: incident.Investigating, Changed: start},
			Entries: []incident.Entry{{Seq: n, At: start, Facts: map[string]string{"text": "what happened"}}},
			Parts:   []incident.Part{{Kind: "task", ID: fmt.Sprint(n), Body: []byte(`{}`)}},
			Notices: []notice.Notice{{Key: fmt.Sprintf("n%d", n), Subject: incident.Number(1).Subject(), Lane: "a", Op: notice.OpPost, At: start}},
			Timers:  []incident.Timer{{Number: 1, Name: incident.TimerUpdate, At: start, Gen: n}},
		}},
	}
}

func open(t *testing.T, url, workspace string) *redis.Store {
	t.Helper()
	s, err := redis.Open(t.Context(), url, workspace, zap.NewNop())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	return s
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// holds expects an incident of so many versions, each with its one entry, part and notice.
func holds(t *testing.T, s *redis.Store, versions int) {
	t.Helper()
	inc, _, err := s.Load(t.Context(), incident.Ref{Number: 1}, "", incident.Want{Parts: []incident.PartKind{"task"}})
	must(t, err)
	entries, err := s.Timeline(t.Context(), 1)
	must(t, err)
	if parts := inc.Loaded.Parts["task"]; inc.Version != versions || len(entries) != versions || len(parts) != versions {
		t.Fatalf("version %d with %d entries and %d parts; want %d", inc.Version, len(entries), len(parts), versions)
	}
	for n := range versions {
		l, ok, err := s.Take(t.Context(), start, time.Hour, notice.Limits{})
		must(t, err)
		if !ok || l.Notice.Key != fmt.Sprintf("n%d", n+1) {
			t.Fatalf("notice %d is %q (%v)", n+1, l.Notice.Key, ok)
		}
		must(t, s.Pop(t.Context(), l))
	}
	if l, ok, err := s.Take(t.Context(), start, time.Hour, notice.Limits{}); ok || err != nil {
		t.Fatalf("one notice too many: %+v %v", l, err)
	}
}

func TestALostReplyIsAskedForAgain(t *testing.T) {
	p, url := between(t, redistest.Start(t))
	s := open(t, url, "T1")
	ctx := t.Context()
	must(t, s.Commit(ctx, commit(1)))

	p.once(losesReply, "commit-2")
	must(t, s.Commit(ctx, commit(2)))
	if err := s.Commit(ctx, commit(2)); !errors.Is(err, incident.ErrRepeated) {
		t.Errorf("another request with the same key: %v", err)
	}

	_, _, err := s.ClaimSlot(ctx, "warm", start)
	must(t, err)
	p.once(losesReply, "daily")
	if last, won, err := s.ClaimSlot(ctx, "daily", start); err != nil || !won || !last.IsZero() {
		t.Errorf("the slot: %v %v %v", last, won, err)
	}

	_, err = s.ClaimDue(ctx, start, 0, 10)
	must(t, err)
	p.once(losesReply, "reply:")
	claims, err := s.ClaimDue(ctx, start, time.Hour, 10)
	if err != nil || len(claims) != 1 {
		t.Fatalf("the timer: %v %v", claims, err)
	}
	_, err = s.Settle(ctx, incident.Claim{})
	must(t, err)
	p.once(losesReply, "reply:")
	if n, err := s.Settle(ctx, claims...); n != 1 || err != nil {
		t.Errorf("settled %d %v", n, err)
	}

	p.once(passes, "")
	l, _, err := s.Take(ctx, start, time.Hour, notice.Limits{})
	must(t, err)
	must(t, s.Release(ctx, l, notice.Retry{}))
	p.once(losesReply, "reply:")
	l, ok, err := s.Take(ctx, start, time.Hour, notice.Limits{})
	if err != nil || !ok || l.Notice.Key != "n1" || l.InDoubt || l.Tries != 1 {
		t.Errorf("the lane: %+v %v %v", l, ok, err)
	}
	p.once(losesReply, "reply:")
	must(t, s.Release(ctx, l, notice.Retry{}))
	holds(t, s, 2) // pops, too
}

func TestALostRequestIsSentAgain(t *testing.T) {
	p, url := between(t, redistest.Start(t))
	s := open(t, url, "T1")
	must(t, s.Commit(t.Context(), commit(1)))
	p.once(losesRequest, "commit-2")
	must(t, s.Commit(t.Context(), commit(2)))
	holds(t, s, 2)
}

func TestNoAnswerAtAllIsInDoubt(t *testing.T) {
	p, url := between(t, redistest.Start(t))
	s := open(t, url, "T1")
	must(t, s.Commit(t.Context(), commit(1)))
	p.harms(func(request []byte) fate {
		if isScript(request) && strings.Contains(string(request), "commit-2") {
			return losesReply
		}
		return passes
	})
	err := s.Commit(t.Context(), commit(2))
	if err == nil || errors.Is(err, incident.ErrUnavailable) {
		t.Errorf("answered %v", err)
	}
	holds(t, s, 2)

	p.harms(func(request []byte) fate {
		if isScript(request) {
			return losesReply
		}
		return passes
	})
	if _, _, err := s.Load(t.Context(), incident.Ref{Number: 1}, "", incident.Want{}); !errors.Is(err, incident.ErrUnavailable) {
		t.Errorf("nothing could be written by a load, yet it answered %v", err)
	}
}

// The doubt of a first try is not forgotten when a second finds nobody there.
func TestALostReplyThenNobodyThereIsInDoubt(t *testing.T) {
	p, url := between(t, redistest.Start(t))
	s := open(t, url, "T1")
	must(t, s.Commit(t.Context(), commit(1)))
	p.harms(func(request []byte) fate {
		if isScript(request) {
			_ = p.listen.Close()
			return losesReply
		}
		return passes
	})
	err := s.Commit(t.Context(), commit(2))
	if err == nil || errors.Is(err, incident.ErrUnavailable) {
		t.Errorf("it was written, yet the answer is %v", err)
	}
}

func TestNobodyThereIsUnavailable(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	must(t, err)
	nobody := "redis://" + l.Addr().String()
	must(t, l.Close())
	_, err = redis.Open(t.Context(), nobody, "T1", zap.NewNop())
	if !errors.Is(err, incident.ErrUnavailable) {
		t.Errorf("open: %v", err)
	}

	p, url := between(t, redistest.Start(t))
	s := open(t, url, "T1")
	p.close()
	if err := s.Commit(t.Context(), commit(1)); !errors.Is(err, incident.ErrUnavailable) {
		t.Errorf("commit: %v", err)
	}
	if _, _, err := s.Load(t.Context(), incident.Ref{}, "", incident.Want{}); !errors.Is(err, incident.ErrUnavailable) {
		t.Errorf("load: %v", err)
	}
	if err := s.Ping(t.Context()); !errors.Is(err, incident.ErrUnavailable) {
		t.Errorf("ping: %v", err)
	}
}

func TestClosedStoreIsUnavailable(t *testing.T) {
	s := open(t, redistest.Start(t), "T1")
	must(t, s.Close())
	must(t, s.Close())
	if err := s.Commit(t.Context(), commit(1)); !errors.Is(err, incident.ErrUnavailable) {
		t.Errorf("commit: %v", err)
	}
}

// A commit that arrives after its caller has given up is refused.
func TestALateCommitIsRefused(t *testing.T) {
	p, url := between(t, redistest.Start(t))
	s := open(t, url, "T1")
	must(t, s.Commit(t.Context(), commit(1)))

	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	arrived := make(chan struct{})
	p.harms(func(request []byte) fate {
		if isScript(request) && strings.Contains(string(request), "commit-2") {
			<-ctx.Done() // somewhere on the way
			<-time.After(time.Until(deadline(ctx)) + 5*time.Millisecond)
			defer close(arrived)
		}
		return passes
	})
	err := s.Commit(ctx, commit(2))
	if err == nil {
		t.Fatal("it was committed")
	}
	if errors.Is(err, incident.ErrUnavailable) {
		t.Fatal("nobody could know that nothing would be written")
	}
	<-arrived
	p.harms(func([]byte) fate { return passes })
	holds(t, s, 1)
}

func deadline(ctx context.Context) time.Time {
	at, _ := ctx.Deadline()
	return at
}

func TestAScriptThatTheServerForgotIsSentWhole(t *testing.T) {
	url := redistest.Start(t)
	s := open(t, url, "T1")
	must(t, s.Commit(t.Context(), commit(1)))
	must(t, raw(t, url).ScriptFlush(t.Context()).Err())
	must(t, s.Commit(t.Context(), commit(2)))
	holds(t, s, 2)
}

// What of the data is missing has a defined answer, and never a wrong one.
func TestAMissingKey(t *testing.T) {
	for name, check := range map[string]func(*testing.T, *redis.Store){
		"3:heads": func(t *testing.T, s *redis.Store) {
			_, _, err := s.Load(t.Context(), incident.Ref{Number: 1}, "", incident.Want{})
			wants(t, err, incident.ErrNotFound)
		},
		"3:versions": func(t *testing.T, s *redis.Store) { wants(t, s.Commit(t.Context(), commit(2)), incident.ErrStale) },
		"3:timeline:1": func(t *testing.T, s *redis.Store) {
			_, err := s.Timeline(t.Context(), 1)
			wants(t, err, incident.ErrNotFound)
		},
		"3:timers": func(t *testing.T, s *redis.Store) {
			for range 2 {
				claims, err := s.ClaimDue(t.Context(), start, time.Hour, 10)
				must(t, err)
				if len(claims) != 0 {
					t.Errorf("claimed %v", claims)
				}
			}
		},
		"3:queues":    takesNothing,
		"3:waiting:a": takesNothing,
		"key:commit-1": func(t *testing.T, s *redis.Store) {
			wants(t, s.Commit(t.Context(), commit(1)), incident.ErrStale)
		},
	} {
		t.Run(name, func(t *testing.T) {
			url := redistest.Start(t)
			s := open(t, url, "T1")
			must(t, s.Commit(t.Context(), commit(1)))
			if n, err := raw(t, url).Del(t.Context(), "m:{T1}:"+name).Result(); n != 1 || err != nil {
				t.Fatal(n, err)
			}
			check(t, s)
		})
	}
}

func takesNothing(t *testing.T, s *redis.Store) {
	for range 2 {
		l, ok, err := s.Take(t.Context(), start, time.Hour, notice.Limits{})
		must(t, err)
		if ok {
			t.Errorf("took %+v", l)
		}
	}
}

func wants(t *testing.T, err, want error) {
	t.Helper()
	if !errors.Is(err, want) {
		t.Errorf("answered %v, want %v", err, want)
	}
}

// raw is a client without Muster.
func raw(t testing.TB, url string) *goredis.Client {
	t.Helper()
	o, err := goredis.ParseURL(url)
	must(t, err)
	c := goredis.NewClient(o)
	t.Cleanup(func() { _ = c.Close() })
	return c
}

func TestTake_AfterTheServerRestarted_WhatWaitedIsInDoubt(t *testing.T) {
	url, restart := redistest.Restartable(t)
	s := open(t, url, "T1")
	must(t, s.Commit(t.Context(), commit(1)))
	take := func(key string, inDoubt bool) notice.Lease {
		t.Helper()
		l, ok, err := s.Take(t.Context(), start, time.Hour, notice.Limits{})
		if err != nil || !ok || l.Notice.Key != key || l.InDoubt != inDoubt {
			t.Fatalf("took %+v %v %v, want %s, in doubt: %t", l, ok, err, key, inDoubt)
		}
		return l
	}
	must(t, s.Release(t.Context(), take("n1", false), notice.Retry{}))
	restart()
	l := take("n1", true)
	if !l.Doubted.Equal(notice.LongAgo) {
		t.Errorf("in doubt since %s: whatever was sent of it can be seen by now", l.Doubted)
	}
	must(t, s.Pop(t.Context(), l))
	must(t, s.Commit(t.Context(), commit(2))) // queued with this server, so nobody can have sent it
	take("n2", false)
}
