package workspace

import (
	"fmt"
	"maps"
	"time"

	"muster/internal/sandbox/refusal"
)

const (
	triggerLife = 3 * time.Second // how long a trigger may open a view, by the workspace's clock
	sweepEvery  = 10 * time.Minute
)

// trigger is what entitles the bot to open one view for a person who has just acted.
type trigger struct {
	User   string
	issued time.Time
	Used   bool
}

// triggers are those that were handed out.
type triggers struct {
	now   func() time.Time
	byID  map[string]*trigger
	swept time.Time // when expired triggers were last forgotten
}

// Create hands out a trigger for what user just did.
func (t *triggers) Create(user string) string {
	now := t.now()
	if now.Sub(t.swept) >= sweepEvery {
		t.swept = now
		maps.DeleteFunc(t.byID, func(_ string, old *trigger) bool { return now.Sub(old.issued) > sweepEvery })
	}
	id := fmt.Sprintf("%d.%d.%s", now.UnixMilli(), len(t.byID)+1, secret(16))
	t.byID[id] = &trigger{User: user, issued: now}
	return id
}

// Find returns a trigger, which works once. A bad view must not use it up, so the
// caller marks it as used when all else is right.
func (t *triggers) Find(id string) (*trigger, error) {
	found := t.byID[id]
	switch {
	case found == nil:
		return nil, refusal.New("invalid_trigger_id")
	case found.Used:
		return nil, refusal.New("exchanged_trigger_id")
	case t.now().Sub(found.issued) > triggerLife:
		return nil, refusal.New("expired_trigger_id")
	}
	return found, nil
}
