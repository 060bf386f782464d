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

// triggers are those that were handed out.
type triggers struct {
	now   func() time.Time
	byID  map[string]*trigger
	swept time.Time // when expired triggers were last forgotten
}

// create hands out a trigger for what user just did.
func (t *triggers) create(user string) string {
	now := t.now()
	if now.Sub(t.swept) >= sweepEvery {
		t.swept = now
		maps.DeleteFunc(t.byID, func(_ string, old *trigger) bool { return now.Sub(old.issued) > sweepEvery })
	}
	id := fmt.Sprintf("%d.%d.%s", now.UnixMilli(), len(t.byID)+1, secret(16))
	t.byID[id] = &trigger{user: user, issued: now}
	return id
}

// find returns a trigger, which works once. A bad view must not use it up, so the
// caller marks it as used when all else is right.
func (t *triggers) find(id string) (*trigger, error) {
	found := t.byID[id]
	switch {
	case found == nil:
		return nil, refuse("invalid_trigger_id")
	case found.used:
		return nil, refuse("exchanged_trigger_id")
	case t.now().Sub(found.issued) > triggerLife:
		return nil, refuse("expired_trigger_id")
	}
	return found, nil
}
