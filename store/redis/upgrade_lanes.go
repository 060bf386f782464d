package redis

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/redis/go-redis/v9"

	"muster/internal/notice"
	"muster/store"
	"muster/store/upgrade"
)

// sharedLane is a lane of before each subject had its own.
type sharedLane struct {
	name       string
	head, tail int
	taken      float64
	ready      float64
	tries      int
}

// upgradeLanes takes over the lanes of before, in the order in which they were
// ready. Each moves in one step, so that two replicas can share the work.
func (s *Store) upgradeLanes(ctx context.Context, node *redis.Client) error {
	rows, err := node.HGetAll(ctx, s.keys.prefix+"lanes").Result()
	if err != nil {
		return unavailable(err)
	}
	var lanes []sharedLane
	for name, row := range rows {
		l := sharedLane{name: name}
		var fence, unsure int
		if _, err := fmt.Sscan(row, &l.head, &l.tail, &l.taken, &fence, &unsure, &l.tries); err != nil {
			return fmt.Errorf("lane %q: %w", name, err)
		}
		l.ready = l.taken
		for priority := range notice.Priorities {
			at, err := node.ZScore(ctx, fmt.Sprintf("%sready:%d", s.keys.prefix, priority), name).Result()
			if err == nil && fence == 0 {
				l.ready = at
			}
		}
		lanes = append(lanes, l)
	}
	slices.SortFunc(lanes, func(a, b sharedLane) int { return cmp.Or(cmp.Compare(a.ready, b.ready), cmp.Compare(a.name, b.name)) })
	for _, l := range lanes {
		if err := s.upgradeLane(ctx, node, l); err != nil {
			return err
		}
	}
	left := []string{s.keys.prefix + "notices", s.keys.prefix + "merges"}
	for priority := range notice.Priorities {
		left = append(left, fmt.Sprintf("%sready:%d", s.keys.prefix, priority))
	}
	if err := node.Del(ctx, left...).Err(); err != nil {
		return unavailable(err)
	}
	return nil
}

func (s *Store) upgradeLane(ctx context.Context, node *redis.Client, l sharedLane) error {
	args := []any{l.name, int64(l.ready), l.tries}
	for n := l.head; n <= l.tail; n++ {
		body, err := node.HGet(ctx, s.keys.prefix+"notices", fmt.Sprintf("%s#%d", l.name, n)).Bytes()
		if errors.Is(err, redis.Nil) && !node.HExists(ctx, s.keys.prefix+"lanes", l.name).Val() {
			return nil // another replica was faster
		}
		if err != nil {
			return fmt.Errorf("lane %q, notice %d: %w", l.name, n, unavailable(err))
		}
		waiting, err := store.DecodeNotice(body)
		if err != nil {
			return fmt.Errorf("lane %q, notice %d: %w", l.name, n, err)
		}
		waiting = upgrade.Lane(waiting)
		if body, err = store.EncodeNotice(waiting); err != nil {
			return err
		}
		args = append(args, waiting.Lane, int(waiting.Priority)+1, waiting.Merge, string(waiting.Op), body)
	}
	_, err := s.run(ctx, upgradeLaneScript, []string{s.keys.prefix + "lanes"}, args...)
	return err
}
