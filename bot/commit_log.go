package bot

import (
	"context"
	"fmt"
	"time"

	"go.uber.org/zap"

	"muster/internal/incident"
	"muster/store"
)

// commitLog is a store that logs what happened, once it is committed: who did
// what to which incident, and which moments are watched from then on. What
// people wrote is not logged: incidents can be private.
type commitLog struct {
	store.Store
	log *zap.Logger
}

// Commit writes all of c or nothing, and logs what it wrote.
func (s commitLog) Commit(ctx context.Context, c incident.Commit) error {
	if err := s.Store.Commit(ctx, c); err != nil {
		return err
	}
	if c.Fired != nil {
		t := c.Fired.Timer
		s.log.Info("timer fired", zap.Stringer("incident", t.Number), zap.String("timer", string(t.Name)), zap.Duration("late", c.At.Sub(t.At)))
	}
	for _, change := range c.Changes {
		s.logChange(change, c.At)
	}
	return nil
}

// loggedFacts are those of an entry's facts that nobody wrote.
var loggedFacts = []string{"level", "from", "to", "severity", "status", "step", "role", "user", "for", "after", "late", "count"}

func (s commitLog) logChange(c incident.Change, at time.Time) {
	inc := c.After
	log := s.log.With(zap.Stringer("incident", inc.Number), zap.String("severity", string(inc.Severity)), zap.String("status", string(inc.Status)))
	for _, e := range c.Entries {
		fields := []zap.Field{zap.String("by", string(e.By))}
		for _, name := range loggedFacts {
			if fact, ok := e.Facts[name]; ok && fact != string(inc.Severity) && fact != string(inc.Status) {
				fields = append(fields, zap.String(name, fact))
			}
		}
		log.Info(string(e.Kind), fields...)
	}
	var set, stopped []string
	for _, t := range c.Timers {
		if t.At.IsZero() {
			stopped = append(stopped, string(t.Name))
		} else {
			set = append(set, fmt.Sprintf("%s in %s", t.Name, t.At.Sub(at).Round(time.Second)))
		}
	}
	if len(set)+len(stopped) > 0 {
		log.Info("timers", zap.Strings("set", set), zap.Strings("stopped", stopped))
	}
}
