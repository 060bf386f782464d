package redis

import (
	"context"
	"crypto/rand"
	"fmt"

	"muster/internal/incident"
	"muster/store"
)

// request is an ID by which a script knows a request that is sent again.
func request() string { return rand.Text() }

// Commit writes all of c or nothing.
func (s *Store) Commit(ctx context.Context, c incident.Commit) error {
	if err := store.Check(c); err != nil {
		return err
	}
	id := request()
	for attempt := 0; ; attempt++ {
		verdict, err := s.tryCommit(ctx, c, id)
		if err != nil {
			return fmt.Errorf("commit %s: %w", c.Change.After.Number, err)
		}
		if verdict == "late" && ctx.Err() == nil && attempt == 0 {
			continue // the server's clock was set; its answer told us the time
		}
		if err := refusal(verdict); err != nil {
			return fmt.Errorf("commit %s: %w", c.Change.After.Number, err)
		}
		return nil
	}
}

func refusal(verdict string) error {
	switch verdict {
	case "done":
		return nil
	case "repeated":
		return incident.ErrRepeated
	case "stale":
		return incident.ErrStale
	case "lost":
		return incident.ErrLost
	case "late":
		return unavailable(context.DeadlineExceeded)
	}
	return fmt.Errorf("redis commit: an unknown verdict %q", verdict)
}

func (s *Store) tryCommit(ctx context.Context, c incident.Commit, id string) (verdict string, err error) {
	args, err := arguments(c, id, s.clock.deadline(ctx))
	if err != nil {
		return "", err
	}
	cmd, err := s.run(ctx, commitScript, []string{s.keys.dedupe(c.Key), s.keys.timeline(c.Change.After.Number)}, args...)
	if err != nil {
		return "", err
	}
	reply, err := cmd.Slice()
	if err != nil || len(reply) != 2 {
		return "", fmt.Errorf("redis commit: answered %v (%w)", reply, err)
	}
	if now, ok := reply[1].(int64); ok {
		s.clock.saw(now)
	}
	verdict, _ = reply[0].(string)
	return verdict, nil
}

// arguments are those of commit.lua, in its order.
func arguments(c incident.Commit, id string, deadline int64) ([]any, error) {
	i := c.Change.After
	doc, err := store.EncodeIncident(i)
	if err != nil {
		return nil, err
	}
	args := make([]any, 0, 17+len(c.Change.Entries)+3*len(c.Change.Timers)+4*len(c.Change.Notices))
	args = append(args, id, deadline, int(store.KeepKeys.Seconds()),
		store.Millis(c.At), int(i.Number), i.Version, doc, string(i.Channel), i.Status.Open())
	if c.Fired != nil {
		args = append(args, member(c.Fired.Timer), c.Fired.Fence)
	} else {
		args = append(args, "", 0)
	}
	if c.Sent != nil {
		args = append(args, c.Sent.Notice.Lane, c.Sent.Fence, c.Sent.Notice.Key)
	} else {
		args = append(args, "", 0, "")
	}
	args = append(args, len(c.Change.Entries))
	for _, e := range c.Change.Entries {
		b, err := store.EncodeEntry(e)
		if err != nil {
			return nil, err
		}
		args = append(args, b)
	}
	args = append(args, len(c.Change.Timers))
	for _, t := range c.Change.Timers {
		args = append(args, member(t), store.Millis(t.At), t.Gen)
	}
	return appendNotices(args, c.Change.Notices)
}

func appendNotices(args []any, notices []incident.Notice) ([]any, error) {
	args = append(args, len(notices))
	for _, n := range notices {
		b, err := store.EncodeNotice(n)
		if err != nil {
			return nil, err
		}
		args = append(args, n.Lane, int(n.Priority)+1, n.Merge, b)
	}
	return args, nil
}
