package store

import (
	"errors"
	"fmt"
	"time"

	"muster/internal/incident"
)

// KeepKeys is how long a driver remembers a commit's key.
const KeepKeys = 48 * time.Hour

// Check finds what no driver can commit. Such a commit is a mistake of its
// maker, whatever the store holds.
func Check(c incident.Commit) error {
	i := c.Change.After
	switch {
	case c.Key == "":
		return fmt.Errorf("commit %s: it has no key", i.Number)
	case i.Number < 1 || i.Version < 1:
		return fmt.Errorf("commit %s: it has no number or no version (%d)", i.Number, i.Version)
	}
	if err := errors.Join(checkEntries(c.Change), checkTimers(c.Change), checkNotices(c.Change)); err != nil {
		return fmt.Errorf("commit %s: %w", i.Number, err)
	}
	return nil
}

func checkEntries(c incident.Change) error {
	before := c.After.Entries - len(c.Entries)
	for n, e := range c.Entries {
		if e.Seq != before+n+1 {
			return fmt.Errorf("timeline entry %d would follow entry %d", e.Seq, before+n)
		}
	}
	return nil
}

func checkTimers(c incident.Change) error {
	for _, t := range c.Timers {
		if t.Number != c.After.Number || t.Kind == "" {
			return fmt.Errorf("timer %q of %s is not its own", t.Kind, t.Number)
		}
	}
	return nil
}

func checkNotices(c incident.Change) error {
	for _, n := range c.Notices {
		if n.Key == "" || n.Lane == "" || n.Priority < 0 || int(n.Priority) >= incident.Priorities {
			return fmt.Errorf("notice %q in lane %q with priority %d cannot be queued", n.Key, n.Lane, n.Priority)
		}
	}
	return nil
}
