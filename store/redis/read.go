package redis

import (
	"context"
	"fmt"
	"strconv"
	"strings"

	"muster/internal/incident"
	"muster/store"
)

// Load reads the incident that ref means, or that key was committed to.
func (s *Store) Load(ctx context.Context, ref incident.Ref, key string) (i incident.Incident, repeated bool, err error) {
	cmd, err := s.run(ctx, loadScript, []string{s.keys.dedupe(key)}, int(ref.Number), string(ref.Channel))
	if err != nil {
		return i, false, err
	}
	reply, err := cmd.Slice()
	if err != nil || len(reply) != 4 {
		return i, false, fmt.Errorf("redis load: answered %v (%w)", reply, err)
	}
	now, _ := reply[0].(int64)
	s.clock.saw(now)
	if doc, ok := reply[2].(string); ok {
		i, err = store.DecodeIncident([]byte(doc))
		return i, reply[1] == int64(1), err
	}
	if blank, _ := reply[3].(int64); blank > 0 {
		return incident.Incident{Number: incident.Number(blank)}, false, nil
	}
	return i, false, fmt.Errorf("load: %w", incident.ErrNotFound)
}

// page is how many incidents one script reads: enough for every list that
// people see, and few enough for the server to stay quick.
const page = 500

// Find lists incidents, the newest first.
func (s *Store) Find(ctx context.Context, q incident.Query) ([]incident.Incident, error) {
	var found []incident.Incident
	before := 0
	for {
		limit := page
		if q.Limit > 0 {
			limit = min(page, q.Limit-len(found))
		}
		cmd, err := s.run(ctx, findScript, nil, before, limit, q.Open)
		if err != nil {
			return nil, err
		}
		docs, err := cmd.StringSlice()
		if err != nil {
			return nil, fmt.Errorf("redis find: %w", err)
		}
		for _, doc := range docs {
			i, err := store.DecodeIncident([]byte(doc))
			if err != nil {
				return nil, fmt.Errorf("find incidents: %w", err)
			}
			found = append(found, i)
		}
		if len(docs) < limit || len(found) == q.Limit {
			return found, nil
		}
		before = int(found[len(found)-1].Number)
	}
}

// Timeline is all entries of an incident, oldest first.
func (s *Store) Timeline(ctx context.Context, n incident.Number) ([]incident.Entry, error) {
	node, err := s.node(ctx)
	if err != nil {
		return nil, fmt.Errorf("timeline of %s: %w", n, unavailable(err))
	}
	bodies, err := node.LRange(ctx, s.keys.timeline(n), 0, -1).Result()
	if err != nil {
		return nil, fmt.Errorf("timeline of %s: %w", n, unavailable(err))
	}
	if len(bodies) == 0 {
		return nil, fmt.Errorf("timeline of %s: %w", n, incident.ErrNotFound)
	}
	entries := make([]incident.Entry, len(bodies))
	for at, b := range bodies {
		if entries[at], err = store.DecodeEntry([]byte(b)); err != nil {
			return nil, fmt.Errorf("timeline of %s: %w", n, err)
		}
	}
	return entries, nil
}

// Next is the timer or the lane that wants attention first.
func (s *Store) Next(ctx context.Context) (d store.Due, ok bool, err error) {
	text, err := s.text(ctx, nextScript, nil)
	if err != nil || text == "" {
		return store.Due{}, false, err
	}
	moment, timer, isTimer := strings.Cut(text, " ")
	ms, err := strconv.ParseInt(moment, 10, 64)
	if err != nil {
		return store.Due{}, false, fmt.Errorf("redis next: %w", err)
	}
	d.At = store.Moment(ms)
	if isTimer {
		d.Number, d.Kind, err = parseMember(timer)
	}
	return d, err == nil, err
}

// text runs a script that answers a text.
func (s *Store) text(ctx context.Context, sc script, own []string, args ...any) (string, error) {
	cmd, err := s.run(ctx, sc, own, args...)
	if err != nil {
		return "", err
	}
	return cmd.Text()
}

// ask runs a script that knows a request which is sent again.
func (s *Store) ask(ctx context.Context, sc script, args ...any) (string, error) {
	return s.text(ctx, sc, []string{s.keys.reply(request())}, args...)
}
