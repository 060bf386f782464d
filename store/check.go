package store

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"muster/internal/incident"
	"muster/internal/notice"
)

// KeepKeys is how long a driver remembers a commit's key.
const KeepKeys = 48 * time.Hour

// check finds what no driver can commit. Such a commit is a mistake of its
// maker, whatever the store holds.
func check(c incident.Commit) error {
	switch {
	case c.Key == "":
		return errors.New("it has no key")
	case c.Slot != nil && (c.Slot.Job == "" || c.Slot.At.IsZero()):
		return fmt.Errorf("slot %v of job %q cannot be claimed", c.Slot.At, c.Slot.Job)
	}
	seen := map[incident.Number]bool{}
	for _, change := range c.Changes {
		n := change.After.Number
		if seen[n] {
			return fmt.Errorf("%s is changed twice", n)
		}
		seen[n] = true
		if err := checkChange(change); err != nil {
			return fmt.Errorf("%s: %w", n, err)
		}
	}
	return checkNotices(c.Queued())
}

func checkChange(c incident.Change) error {
	switch inc := c.After; {
	case inc.Number < 1 || inc.Version < 1:
		return fmt.Errorf("it has no number or no version (%d)", inc.Version)
	case c.Summary.Number != inc.Number:
		return fmt.Errorf("the summary is that of %s", c.Summary.Number)
	}
	return errors.Join(checkEntries(c), checkParts(c.Parts), checkTimers(c))
}

func checkEntries(c incident.Change) error {
	before := c.After.Entries - len(c.Entries)
	for i, e := range c.Entries {
		if e.Seq != before+i+1 {
			return fmt.Errorf("timeline entry %d would follow entry %d", e.Seq, before+i)
		}
	}
	for _, seq := range c.After.Cited() {
		if seq < 1 || seq > c.After.Entries {
			return fmt.Errorf("a text is in timeline entry %d of %d", seq, c.After.Entries)
		}
	}
	return nil
}

func checkParts(parts []incident.Part) error {
	type name struct {
		kind incident.PartKind
		id   string
	}
	seen := map[name]bool{}
	for _, p := range parts {
		this := name{p.Kind, p.ID}
		if p.Kind == "" || p.ID == "" || seen[this] {
			return fmt.Errorf("part %q of kind %q has no name of its own", p.ID, p.Kind)
		}
		seen[this] = true
	}
	return nil
}

func checkTimers(c incident.Change) error {
	for _, t := range c.Timers {
		if t.Number != c.After.Number || t.Name == "" || strings.ContainsAny(string(t.Name), " \t\r\n") {
			return fmt.Errorf("timer %q of %s is not its own, or its name is not one word", t.Name, t.Number)
		}
	}
	return nil
}

func checkNotices(notices []notice.Notice) error {
	for _, n := range notices {
		if n.Key == "" || n.Lane == "" || n.Subject.Kind == "" || n.Subject.ID == "" || n.Priority < 0 || int(n.Priority) >= notice.Priorities {
			return fmt.Errorf("notice %q about %q in lane %q with priority %d cannot be queued", n.Key, n.Subject, n.Lane, n.Priority)
		}
	}
	return nil
}
