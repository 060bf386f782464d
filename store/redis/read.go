package redis

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/redis/go-redis/v9"

	"muster/internal/incident"
	"muster/store"
)

// Load reads the incident that ref means, or that key was committed to, with
// what is wanted beside its head.
func (s *Store) Load(ctx context.Context, ref incident.Ref, key string, want incident.Want) (inc incident.Incident, repeated bool, err error) {
	args := []any{int(ref.Number), string(ref.Channel), want.Texts, len(want.Parts)}
	for _, kind := range want.Parts {
		args = append(args, string(kind))
	}
	for _, seq := range want.Entries {
		if seq > 0 {
			args = append(args, seq)
		}
	}
	cmd, err := s.run(ctx, loadScript, []string{s.keys.dedupe(key)}, args...)
	if err != nil {
		return inc, false, err
	}
	reply, err := cmd.Slice()
	if err != nil || len(reply) < 3 {
		return inc, false, fmt.Errorf("redis load: answered %v (%w)", reply, err)
	}
	now, _ := reply[0].(int64)
	s.clock.saw(now)
	if inc, err = loaded(reply[2:], want); err != nil {
		return incident.Incident{}, false, fmt.Errorf("load: %w", err)
	}
	return inc, reply[1] == int64(1), nil
}

// loaded reads what load.lua answers of an incident.
func loaded(reply []any, want incident.Want) (inc incident.Incident, err error) {
	head, _ := reply[0].(string)
	switch {
	case head == "none":
		return inc, nil
	case head == "blank" && len(reply) == 2:
		number, _ := reply[1].(int64)
		return incident.Incident{Number: incident.Number(number)}, nil
	case len(reply) != 2+len(want.Parts):
		return inc, incident.ErrNotFound
	}
	if inc, err = store.DecodeHead([]byte(head)); err != nil {
		return inc, err
	}
	if want.Texts || len(want.Entries) > 0 {
		inc.Loaded.Entries = map[int]incident.Entry{}
	}
	for _, b := range texts(reply[1]) {
		e, err := store.DecodeEntry([]byte(b))
		if err != nil {
			return inc, err
		}
		inc.Loaded.Entries[e.Seq] = e
	}
	if len(want.Parts) > 0 {
		inc.Loaded.Parts = map[incident.PartKind][]incident.Part{}
	}
	for i, kind := range want.Parts {
		inc.Loaded.Parts[kind] = partsOf(kind, texts(reply[2+i]))
	}
	return inc, nil
}

// partsOf returns parts by their IDs and bodies, which come in turn and unsorted.
func partsOf(kind incident.PartKind, idsAndBodies []string) []incident.Part {
	parts := make([]incident.Part, 0, len(idsAndBodies)/2)
	for pair := range slices.Chunk(idsAndBodies, 2) {
		parts = append(parts, incident.Part{Kind: kind, ID: pair[0], Body: []byte(pair[1])})
	}
	slices.SortFunc(parts, func(a, b incident.Part) int { return cmp.Compare(a.ID, b.ID) })
	return parts
}

// texts reads a list within a reply.
func texts(reply any) []string {
	list, _ := reply.([]any)
	all := make([]string, len(list))
	for i, v := range list {
		all[i], _ = v.(string)
	}
	return all
}

// page is how many incidents one script reads: enough for every list that
// people see, and few enough for the server to stay quick.
const page = 500

// Find lists incidents.
func (s *Store) Find(ctx context.Context, q incident.Query) ([]incident.Summary, error) {
	var found []incident.Summary
	for {
		limit := page
		if q.Limit > 0 {
			limit = min(page, q.Limit-len(found))
		}
		cmd, err := s.run(ctx, findScript, nil, limit, q.Open, store.Millis(q.Since), behind(q))
		if err != nil {
			return nil, err
		}
		rows, err := cmd.StringSlice()
		if err != nil {
			return nil, fmt.Errorf("redis find: %w", err)
		}
		for _, b := range rows {
			row, err := store.DecodeSummary([]byte(b))
			if err != nil {
				return nil, fmt.Errorf("find incidents: %w", err)
			}
			found = append(found, row)
		}
		if len(rows) < limit || len(found) == q.Limit {
			return found, nil
		}
		q.After = &found[len(found)-1]
	}
}

// behind is where a query begins, as find.lua reads it.
func behind(q incident.Query) string {
	switch {
	case q.After == nil:
		return ""
	case q.Open:
		return strconv.FormatInt(place(*q.After), 10)
	}
	return strconv.Itoa(int(q.After.Number))
}

// Timeline returns all entries of an incident, oldest first.
func (s *Store) Timeline(ctx context.Context, n incident.Number) ([]incident.Entry, error) {
	node, err := s.node(ctx)
	if err != nil {
		return nil, fmt.Errorf("timeline of %s: %w", n, unavailable(err))
	}
	pipe := node.Pipeline()
	id, list := s.askIdentity(ctx, pipe), pipe.LRange(ctx, s.keys.timeline(n), 0, -1)
	if _, err := pipe.Exec(ctx); err != nil && !errors.Is(err, redis.Nil) {
		return nil, fmt.Errorf("timeline of %s: %w", n, unavailable(err))
	}
	if err := s.sameAs(id); err != nil {
		return nil, fmt.Errorf("timeline of %s: %w", n, err)
	}
	bodies := list.Val()
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

// Next returns the timer or the lane that wants attention first.
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
		d.Number, d.Name, err = parseMember(timer)
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
