package redis

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"strconv"
	"strings"
	"time"

	"github.com/redis/go-redis/v9"

	"muster/internal/incident"
	"muster/internal/slackid"
	"muster/store"
)

// Export gives everything.
func (s *Store) Export(ctx context.Context) iter.Seq2[store.Record, error] {
	return func(yield func(store.Record, error) bool) {
		node, err := s.node(ctx)
		if err != nil {
			yield(nil, unavailable(err))
			return
		}
		x := &export{Store: s, ctx: ctx, node: node, yield: yield}
		for _, part := range []func() error{x.histories, x.channels, x.remembered, x.timers, x.lanes, x.gates, x.slots} {
			if err := part(); err != nil {
				yield(nil, fmt.Errorf("export: %w", err))
				return
			}
			if x.enough {
				return
			}
		}
	}
}

// export is one in the making.
type export struct {
	*Store
	ctx    context.Context
	node   *redis.Client
	yield  func(store.Record, error) bool
	enough bool // whoever asked wants no more
}

func (x *export) give(r store.Record) { x.enough = x.enough || !x.yield(r, nil) }

func (x *export) histories() error {
	last, err := x.node.HGet(x.ctx, x.keys.meta(), "last").Int()
	if err != nil && !errors.Is(err, redis.Nil) {
		return unavailable(err)
	}
	for n := incident.Number(1); int(n) <= last && !x.enough; n++ {
		i, _, err := x.Load(x.ctx, incident.Ref{Number: n}, "")
		if err != nil {
			return err
		}
		h := store.History{Incident: i}
		if i.Entries > 0 {
			if h.Entries, err = x.Timeline(x.ctx, n); err != nil {
				return err
			}
		}
		x.give(h)
	}
	return nil
}

func (x *export) channels() error {
	return x.hash("channels", func(id, number string) error {
		n, err := strconv.Atoi(number)
		x.give(store.Channel{ID: slackid.Channel(id), Number: incident.Number(n)})
		return err
	})
}

// remembered gives the keys of commits. Each is a key of its own, because each
// expires by itself.
func (x *export) remembered() error {
	now, err := x.ServerTime(x.ctx)
	if err != nil {
		return err
	}
	prefix := x.keys.dedupe("")
	all := x.node.Scan(x.ctx, 0, escapeGlob.Replace(prefix)+"*", 1000).Iterator()
	for all.Next(x.ctx) && !x.enough {
		pipe := x.node.Pipeline()
		value, left := pipe.Get(x.ctx, all.Val()), pipe.PTTL(x.ctx, all.Val())
		if _, err := pipe.Exec(x.ctx); errors.Is(err, redis.Nil) {
			continue // it has expired meanwhile
		} else if err != nil {
			return unavailable(err)
		}
		number, _, _ := strings.Cut(value.Val(), " ")
		n, err := strconv.Atoi(number)
		if err != nil {
			return fmt.Errorf("%s: %w", all.Val(), err)
		}
		x.give(store.Key{
			Key: strings.TrimPrefix(all.Val(), prefix), Number: incident.Number(n), Forget: now.Add(left.Val()).Truncate(time.Millisecond),
		})
	}
	return all.Err()
}

var escapeGlob = strings.NewReplacer(`\`, `\\`, `*`, `\*`, `?`, `\?`, `[`, `\[`, `]`, `\]`)

func (x *export) timers() error {
	return x.hash("timers", func(member, row string) error {
		timer := row[:max(strings.LastIndex(row, " "), 0)] // without its fence
		t, err := parseTimer(member + " " + timer)
		x.give(store.Timer{Timer: t})
		return err
	})
}

func (x *export) gates() error {
	all, err := x.node.ZRangeWithScores(x.ctx, x.keys.prefix+"gates", 0, -1).Result()
	if err != nil {
		return unavailable(err)
	}
	for _, z := range all {
		x.give(store.Gate{Name: fmt.Sprint(z.Member), Until: store.Moment(int64(z.Score))})
	}
	return nil
}

func (x *export) slots() error {
	return x.hash("slots", func(job, slot string) error {
		ms, err := strconv.ParseInt(slot, 10, 64)
		x.give(store.Slot{Job: job, Last: store.Moment(ms)})
		return err
	})
}

func (x *export) lanes() error {
	return x.hash("lanes", func(name, row string) error {
		var head, tail, taken, fence int64
		var unsure int
		l := store.Lane{Name: name}
		if _, err := fmt.Sscan(row, &head, &tail, &taken, &fence, &unsure, &l.Tries); err != nil {
			return fmt.Errorf("lane %q: %w", name, err)
		}
		l.Unsure, l.Ready = unsure == 1 || fence != 0, store.Moment(taken)
		fields := make([]string, 0, tail-head+1)
		for n := head; n <= tail; n++ {
			fields = append(fields, fmt.Sprintf("%s#%d", name, n))
		}
		bodies, err := x.node.HMGet(x.ctx, x.keys.prefix+"notices", fields...).Result()
		if err != nil {
			return unavailable(err)
		}
		urgency := incident.Bulk
		for n, b := range bodies {
			text, _ := b.(string)
			notice, err := store.DecodeNotice([]byte(text))
			if err != nil {
				return fmt.Errorf("lane %q, notice %d: %w", name, n, err)
			}
			l.Notices = append(l.Notices, notice)
			urgency = min(urgency, notice.Priority)
		}
		if fence == 0 {
			ready, err := x.node.ZScore(x.ctx, fmt.Sprintf("%sready:%d", x.keys.prefix, urgency), name).Result()
			if err != nil {
				return fmt.Errorf("lane %q: %w", name, err)
			}
			l.Ready = store.Moment(int64(ready))
		}
		x.give(l)
		return nil
	})
}

// hash gives each field of one of the workspace's hashes once.
func (x *export) hash(name string, give func(field, value string) error) error {
	seen := map[string]bool{}
	all := x.node.HScan(x.ctx, x.keys.prefix+name, 0, "", 1000).Iterator()
	for all.Next(x.ctx) && !x.enough {
		field := all.Val()
		if !all.Next(x.ctx) {
			break
		}
		if seen[field] { // a scan may come by twice
			continue
		}
		seen[field] = true
		if err := give(field, all.Val()); err != nil {
			return err
		}
	}
	return all.Err()
}
