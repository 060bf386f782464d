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
	e, err := store.Encode(c)
	if err != nil {
		return err
	}
	id := request()
	for attempt := 0; ; attempt++ {
		verdict, err := s.tryCommit(ctx, e, id)
		if err != nil {
			return fmt.Errorf("commit %q: %w", c.Key, err)
		}
		if verdict == "late" && ctx.Err() == nil && attempt == 0 {
			continue // the server's clock was set; its answer told us the time
		}
		if err := refusal(verdict); err != nil {
			return fmt.Errorf("commit %q: %w", c.Key, err)
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

func (s *Store) tryCommit(ctx context.Context, e store.Encoded, id string) (verdict string, err error) {
	cmd, err := s.run(ctx, commitScript, []string{s.keys.dedupe(e.Key)}, arguments(e, id, s.clock.deadline(ctx))...)
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
func arguments(e store.Encoded, id string, deadline int64) []any {
	args := []any{id, deadline, int(store.KeepKeys.Seconds()), store.Millis(e.At)}
	if e.Slot != nil {
		args = append(args, e.Slot.Job, store.Millis(e.Slot.At))
	} else {
		args = append(args, "", 0)
	}
	if e.Fired != nil {
		args = append(args, member(e.Fired.Timer), e.Fired.Fence)
	} else {
		args = append(args, "", 0)
	}
	if e.Sent != nil {
		args = append(args, e.Sent.Notice.Lane, e.Sent.Fence, e.Sent.Notice.Key)
	} else {
		args = append(args, "", 0, "")
	}
	args = append(args, len(e.Changes))
	for _, c := range e.Changes {
		inc := c.After
		args = append(args, int(inc.Number), inc.Version, c.Summary.Status.Open(), place(c.Summary),
			store.Millis(c.Summary.Changed), citation(inc), c.Row, c.Head, string(inc.Channel))
	}
	for _, c := range e.Changes {
		args = appendBeside(args, c)
	}
	args = append(args, len(e.Notices))
	for i, n := range e.Queued() {
		args = append(args, n.Lane, int(n.Priority)+1, n.Merge, string(n.Op), e.Notices[i])
	}
	return args
}

// appendBeside appends what is kept beside an incident's head.
func appendBeside(args []any, c store.EncodedChange) []any {
	args = appendKept(args, c)
	args = append(args, len(c.Timers))
	for _, t := range c.Timers {
		args = append(args, member(t), store.Millis(t.At), t.Gen)
	}
	return args
}

// appendKept appends entries and parts.
func appendKept(args []any, c store.EncodedChange) []any {
	args = append(args, len(c.Entries))
	for _, b := range c.Entries {
		args = append(args, b)
	}
	args = append(args, len(c.Parts))
	for _, p := range c.Parts {
		args = append(args, string(p.Kind), p.ID, []byte(p.Body))
	}
	return args
}
