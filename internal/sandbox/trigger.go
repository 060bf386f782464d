package sandbox

import (
	"fmt"
	"maps"
	"time"
)

const (
	triggerLife = 3 * time.Second // how long a trigger may open a view, by the workspace's clock
	sweepEvery  = 10 * time.Minute
)

// trigger is a person's deed that entitles the bot to open one view for them.
type trigger struct {
	user   string
	issued time.Time
	used   bool
}

// newTrigger hands out a trigger for what user just did.
func (w *Workspace) newTrigger(user string) string {
	now := w.Now()
	w.sweep(now)
	id := fmt.Sprintf("%d.%d.%s", now.UnixMilli(), len(w.triggers)+1, secret(16))
	w.triggers[id] = &trigger{user: user, issued: now}
	return id
}

// sweep forgets, now and then, the triggers and response URLs long expired.
func (w *Workspace) sweep(now time.Time) {
	if now.Sub(w.swept) < sweepEvery {
		return
	}
	w.swept = now
	maps.DeleteFunc(w.triggers, func(_ string, t *trigger) bool { return now.Sub(t.issued) > sweepEvery })
	maps.DeleteFunc(w.state.Responses, func(_ string, r *responseURL) bool { return now.Sub(r.Issued) > responseLife })
}

// findTrigger returns the user behind a trigger, which works once. A bad view
// must not use it up, so the caller spends it when all else is right.
func (w *Workspace) findTrigger(id string) (*trigger, error) {
	t := w.triggers[id]
	switch {
	case t == nil:
		return nil, refuse("invalid_trigger_id")
	case t.used:
		return nil, refuse("exchanged_trigger_id")
	case w.Now().Sub(t.issued) > triggerLife:
		return nil, refuse("expired_trigger_id")
	}
	return t, nil
}
