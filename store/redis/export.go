package redis

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"iter"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/redis/go-redis/v9"

	"muster/internal/incident"
	"muster/internal/notice"
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
	kinds, err := x.kinds()
	if err != nil {
		return err
	}
	for n := incident.Number(1); int(n) <= last && !x.enough; n++ {
		inc, _, err := x.Load(x.ctx, incident.Ref{Number: n}, "", incident.Want{Parts: kinds[n]})
		if err != nil {
			return err
		}
		h := store.History{Incident: inc}
		h.Incident.Loaded = incident.Loaded{}
		for _, kind := range kinds[n] {
			h.Parts = append(h.Parts, inc.Loaded.Parts[kind]...)
		}
		if inc.Entries > 0 {
			if h.Entries, err = x.Timeline(x.ctx, n); err != nil {
				return err
			}
		}
		row, err := x.node.HGet(x.ctx, x.keys.prefix+"rows", strconv.Itoa(int(n))).Bytes()
		if err != nil {
			return unavailable(err)
		}
		if h.Summary, err = store.DecodeSummary(row); err != nil {
			return err
		}
		x.give(h)
	}
	return nil
}

// kinds returns of which kinds each incident has parts, sorted.
func (x *export) kinds() (map[incident.Number][]incident.PartKind, error) {
	all := map[incident.Number][]incident.PartKind{}
	prefix := x.keys.prefix + "part:"
	err := x.scan(prefix, func(key string) error {
		number, kind, _ := strings.Cut(strings.TrimPrefix(key, prefix), ":")
		n, err := strconv.Atoi(number)
		all[incident.Number(n)] = append(all[incident.Number(n)], incident.PartKind(kind))
		return err
	})
	for n, kinds := range all {
		slices.Sort(kinds)
		all[n] = slices.Compact(kinds) // a scan may come by twice
	}
	return all, err
}

// scan gives each key that begins with a prefix.
func (x *export) scan(prefix string, give func(key string) error) error {
	all := x.node.Scan(x.ctx, 0, escapeGlob.Replace(prefix)+"*", 1000).Iterator()
	for all.Next(x.ctx) && !x.enough {
		if err := give(all.Val()); err != nil {
			return err
		}
	}
	return all.Err()
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
	return x.scan(prefix, func(key string) error {
		pipe := x.node.Pipeline()
		value, left := pipe.Get(x.ctx, key), pipe.PTTL(x.ctx, key)
		if _, err := pipe.Exec(x.ctx); errors.Is(err, redis.Nil) {
			return nil // it has expired meanwhile
		} else if err != nil {
			return unavailable(err)
		}
		number, _, _ := strings.Cut(value.Val(), " ")
		n, err := strconv.Atoi(number)
		if err != nil {
			return fmt.Errorf("%s: %w", key, err)
		}
		x.give(store.Key{
			Key: strings.TrimPrefix(key, prefix), Number: incident.Number(n), Forget: now.Add(left.Val()).Truncate(time.Millisecond),
		})
		return nil
	})
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

// lanes gives the lanes in the order of their turns.
func (x *export) lanes() error {
	type turn struct {
		number int64
		store.Lane
	}
	var all []turn
	err := x.hash("queues", func(name, row string) error {
		t := turn{Lane: store.Lane{Name: name}}
		var away int
		var fence, inDoubt int64
		if _, err := fmt.Sscan(row, &t.number, &away, &fence, &inDoubt, &t.Tries); err != nil {
			return fmt.Errorf("lane %q: %w", name, err)
		}
		t.InDoubt = inDoubt != 0 || fence != 0
		if away == 1 && fence == 0 {
			ready, err := x.node.ZScore(x.ctx, x.keys.prefix+"away", name).Result()
			if err != nil {
				return fmt.Errorf("lane %q: %w", name, err)
			}
			t.Ready = store.Moment(int64(ready))
		}
		all = append(all, t)
		return nil
	})
	if err != nil {
		return err
	}
	slices.SortFunc(all, func(a, b turn) int { return cmp.Compare(a.number, b.number) })
	for _, t := range all {
		if t.Notices, err = x.waiting(t.Name); err != nil || x.enough {
			return err
		}
		x.give(t.Lane)
	}
	return nil
}

// waiting reads a lane's notices.
func (x *export) waiting(lane string) (all []notice.Notice, err error) {
	rows, err := x.node.LRange(x.ctx, x.keys.waiting(lane), 0, -1).Result()
	if err != nil {
		return nil, unavailable(err)
	}
	for at, row := range rows {
		_, text, _ := strings.Cut(row, " ")
		n, err := store.DecodeNotice([]byte(text))
		if err != nil {
			return nil, fmt.Errorf("lane %q, notice %d: %w", lane, at, err)
		}
		all = append(all, n)
	}
	return all, nil
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
