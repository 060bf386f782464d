package storetest

import (
	"errors"
	"strings"
	"testing"
	"time"

	"muster/internal/incident"
	"muster/internal/notice"
	"muster/store"
)

// ExpectReplaced checks that each call finds out that the store is gone which was
// opened, and says what to do.
func ExpectReplaced(t *testing.T, s store.Store) {
	t.Helper()
	ctx, now := t.Context(), time.Now().UTC().Truncate(time.Millisecond)
	calls := map[string]func() error{
		"Load":       func() error { _, _, err := s.Load(ctx, incident.Ref{Number: 1}, "", incident.Want{}); return err },
		"Load blank": func() error { _, _, err := s.Load(ctx, incident.Ref{}, "k", incident.Want{}); return err },
		"Find":       func() error { _, err := s.Find(ctx, incident.Query{Open: true}); return err },
		"Timeline":   func() error { _, err := s.Timeline(ctx, 1); return err },
		"Commit": func() error {
			return s.Commit(ctx, incident.Commit{Key: "late", At: now, Slot: &incident.Slot{Job: "late", At: now}})
		},
		"ClaimDue": func() error { _, err := s.ClaimDue(ctx, now, time.Minute, 10); return err },
		"Settle": func() error {
			_, err := s.Settle(ctx, incident.Claim{Timer: incident.Timer{Number: 1, Name: "update"}, Fence: 1})
			return err
		},
		"ClaimSlot": func() error { _, _, err := s.ClaimSlot(ctx, "late", now); return err },
		"LastSlot":  func() error { _, err := s.LastSlot(ctx, "late"); return err },
		"Take":      func() error { _, _, err := s.Take(ctx, now, time.Minute, notice.Limits{}); return err },
		"Release": func() error {
			return s.Release(ctx, notice.Lease{Notice: notice.Notice{Key: "n", Lane: "a"}, Fence: 1}, notice.Retry{NotBefore: now})
		},
		"Pop":  func() error { return s.Pop(ctx, notice.Lease{Notice: notice.Notice{Key: "n", Lane: "a"}, Fence: 1}) },
		"Next": func() error { _, _, err := s.Next(ctx); return err },
		"Ping": func() error { return s.Ping(ctx) },
	}
	for name, call := range calls {
		err := call()
		if !errors.Is(err, store.ErrReplaced) || !errors.Is(err, incident.ErrUnavailable) || !strings.Contains(err.Error(), "restart Muster") {
			t.Errorf("%s: %v", name, err)
		}
	}
}
