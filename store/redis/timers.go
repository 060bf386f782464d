package redis

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/redis/go-redis/v9"
	"go.uber.org/zap"

	"muster/internal/incident"
	"muster/store"
)

// batch is how many timers one script touches at most: Lua hands only so many
// arguments to one call.
const batch = 1000

// member names a timer: "7 update".
func member(t incident.Timer) string {
	return strconv.Itoa(int(t.Number)) + " " + string(t.Name)
}

// parseMember reads what [member] wrote.
func parseMember(text string) (incident.Number, incident.TimerName, error) {
	number, name, _ := strings.Cut(text, " ")
	n, err := strconv.Atoi(number)
	if err != nil || name == "" {
		return 0, "", fmt.Errorf("redis: %q names no timer", text)
	}
	return incident.Number(n), incident.TimerName(name), nil
}

// ClaimDue claims the timers that are due, at most a thousand at once.
func (s *Store) ClaimDue(ctx context.Context, now time.Time, lease time.Duration, limit int) ([]incident.Claim, error) {
	text, err := s.ask(ctx, claimScript, store.Millis(now), store.Millis(now.Add(lease)), min(limit, batch))
	if err != nil || text == "" {
		return nil, err
	}
	first, rest, _ := strings.Cut(text, "\n")
	fence, err := strconv.ParseInt(first, 10, 64)
	if err != nil {
		return nil, fmt.Errorf("redis claim: %w", err)
	}
	var claims []incident.Claim
	for line := range strings.SplitSeq(rest, "\n") {
		if gone, ok := strings.CutPrefix(line, "gone "); ok {
			s.log.Error("redis: the data of a timer is missing, and it cannot fire", zap.String("timer", gone))
			continue
		}
		t, err := parseTimer(line)
		if err != nil {
			return nil, fmt.Errorf("redis claim: %q: %w", line, err)
		}
		claims = append(claims, incident.Claim{Timer: t, Fence: fence})
	}
	return claims, nil
}

// parseTimer reads "number name at generation".
func parseTimer(line string) (t incident.Timer, err error) {
	fields := strings.Fields(line)
	if len(fields) != 4 {
		return t, fmt.Errorf("%d fields instead of 4", len(fields))
	}
	number, err := strconv.Atoi(fields[0])
	if err != nil {
		return t, err
	}
	at, err := strconv.ParseInt(fields[2], 10, 64)
	if err != nil {
		return t, err
	}
	gen, err := strconv.Atoi(fields[3])
	return incident.Timer{
		Number: incident.Number(number), Name: incident.TimerName(fields[1]), At: store.Moment(at), Gen: gen,
	}, err
}

// Settle removes claimed timers.
func (s *Store) Settle(ctx context.Context, claims ...incident.Claim) (int, error) {
	settled := 0
	for some := range slices.Chunk(claims, batch) {
		args := make([]any, 0, 2*len(some))
		for _, c := range some {
			args = append(args, member(c.Timer), c.Fence)
		}
		text, err := s.ask(ctx, settleScript, args...)
		if err != nil {
			return settled, err
		}
		n, err := strconv.Atoi(text)
		if err != nil {
			return settled, fmt.Errorf("redis settle: %w", err)
		}
		settled += n
	}
	return settled, nil
}

// ClaimSlot claims a job's slot.
func (s *Store) ClaimSlot(ctx context.Context, job string, slot time.Time) (last time.Time, won bool, err error) {
	text, err := s.ask(ctx, slotScript, job, store.Millis(slot))
	if err != nil {
		return time.Time{}, false, err
	}
	first, rest, _ := strings.Cut(text, " ")
	before, err := strconv.ParseInt(rest, 10, 64)
	if err != nil {
		return time.Time{}, false, fmt.Errorf("redis slot: %w", err)
	}
	return store.Moment(before), first == "1", nil
}

// LastSlot returns a job's latest slot.
func (s *Store) LastSlot(ctx context.Context, job string) (time.Time, error) {
	node, err := s.node(ctx)
	if err != nil {
		return time.Time{}, unavailable(err)
	}
	pipe := node.Pipeline()
	id, slot := s.askIdentity(ctx, pipe), pipe.HGet(ctx, s.keys.prefix+"slots", job)
	if _, err := pipe.Exec(ctx); err != nil && !errors.Is(err, redis.Nil) {
		return time.Time{}, fmt.Errorf("last slot of %s: %w", job, unavailable(err))
	}
	if err := s.sameAs(id); err != nil {
		return time.Time{}, fmt.Errorf("last slot of %s: %w", job, err)
	}
	last, err := slot.Int64()
	if err != nil && !errors.Is(err, redis.Nil) {
		return time.Time{}, fmt.Errorf("last slot of %s: %w", job, err)
	}
	return store.Moment(last), nil
}
