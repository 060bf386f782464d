package incidenttest

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"sync"
	"time"

	"muster/internal/incident"
	"muster/internal/slackid"
	"muster/store"
)

// Store is a store in memory, said in the simplest way: no index, no encoding.
// It is the model that the drivers are compared with, and serves every test
// that needs a store but no durability.
type Store struct {
	mu        sync.Mutex
	failure   error
	before    func()
	calls     Calls
	incidents []*record // by number from 1
	channels  map[slackid.Channel]incident.Number
	keys      map[string]incident.Number
	slots     map[string]time.Time
	timers    []*timer
	lanes     map[string]*lane
	gates
	fence int64 // counts leases, claims and notices
	epoch int64 // the count at the last restart
}

var _ store.Store = (*Store)(nil)

// record is an incident with all that is kept beside its head.
type record struct {
	head    incident.Incident
	summary incident.Summary
	entries []incident.Entry
	parts   map[incident.PartKind]map[string]incident.Part
}

// Calls counts what a store was asked for.
type Calls struct{ Loads, Commits int }

// NewStore returns an empty store.
func NewStore() *Store {
	return &Store{
		channels: map[slackid.Channel]incident.Number{}, keys: map[string]incident.Number{}, slots: map[string]time.Time{},
		lanes: map[string]*lane{}, gates: newGates(),
	}
}

// Fail makes every call from now on answer an error, until Fail(nil).
func (s *Store) Fail(err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.failure = err
}

// BeforeCommit calls f once, before the next commit, so that another writer can
// come in first.
func (s *Store) BeforeCommit(f func()) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.before = f
}

// Calls returns how often the store was asked since Calls was called last.
func (s *Store) Calls() Calls {
	s.mu.Lock()
	defer s.mu.Unlock()
	c := s.calls
	s.calls = Calls{}
	return c
}

// locked runs f while nobody else uses the store, unless the store is to fail
// or the caller has given up.
func (s *Store) locked(ctx context.Context, f func() error) error {
	if deadline, ok := ctx.Deadline(); ctx.Err() != nil || ok && !deadline.After(time.Now()) {
		return incident.ErrUnavailable
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.failure != nil {
		return s.failure
	}
	return f()
}

// Load implements [incident.Store].
func (s *Store) Load(ctx context.Context, ref incident.Ref, key string, want incident.Want) (inc incident.Incident, repeated bool, err error) {
	err = s.locked(ctx, func() (err error) {
		s.calls.Loads++
		inc, repeated, err = s.load(ref, key, want)
		return err
	})
	return inc, repeated, err
}

func (s *Store) load(ref incident.Ref, key string, want incident.Want) (incident.Incident, bool, error) {
	n, repeated := s.keys[key]
	switch {
	case repeated && n == 0: // a commit that changed no incident
		return incident.Incident{}, true, nil
	case repeated:
	case ref == (incident.Ref{}):
		return incident.Incident{Number: s.last() + 1}, false, nil
	case ref.Number == 0:
		n = s.channels[ref.Channel]
	default:
		n = ref.Number
	}
	r := s.record(n)
	if r == nil {
		return incident.Incident{}, repeated, incident.ErrNotFound
	}
	inc := r.head
	inc.Loaded = r.loaded(want)
	return inc, repeated, nil
}

func (s *Store) last() incident.Number { return incident.Number(len(s.incidents)) }

// record returns what is kept of an incident, nil where there is none.
func (s *Store) record(n incident.Number) *record {
	if n < 1 || n > s.last() {
		return nil
	}
	return s.incidents[n-1]
}

// loaded returns what is wanted beside the head.
func (r *record) loaded(want incident.Want) (l incident.Loaded) {
	if len(want.Parts) > 0 {
		l.Parts = map[incident.PartKind][]incident.Part{}
	}
	for _, kind := range want.Parts {
		l.Parts[kind] = []incident.Part{}
		for _, id := range slices.Sorted(maps.Keys(r.parts[kind])) {
			l.Parts[kind] = append(l.Parts[kind], r.parts[kind][id])
		}
	}
	wanted := slices.Clone(want.Entries)
	if want.Texts {
		wanted = append(wanted, r.head.Cited()...)
	}
	if want.Texts || len(want.Entries) > 0 {
		l.Entries = map[int]incident.Entry{}
	}
	for _, seq := range wanted {
		if seq >= 1 && seq <= len(r.entries) {
			l.Entries[seq] = r.entries[seq-1]
		}
	}
	return l
}

// Find implements [incident.Store].
func (s *Store) Find(ctx context.Context, q incident.Query) (found []incident.Summary, err error) {
	err = s.locked(ctx, func() error {
		found = s.find(q)
		return nil
	})
	return found, err
}

func (s *Store) find(q incident.Query) (found []incident.Summary) {
	order := func(a, b incident.Summary) int { return cmp.Compare(b.Number, a.Number) }
	if q.Open {
		order = func(a, b incident.Summary) int {
			return cmp.Or(cmp.Compare(a.Rank, b.Rank), cmp.Compare(a.Number, b.Number))
		}
	}
	for _, r := range s.incidents {
		row := r.summary
		if q.Open && !row.Status.Open() || row.Changed.Before(q.Since) || q.After != nil && order(row, *q.After) <= 0 {
			continue
		}
		found = append(found, row)
	}
	slices.SortFunc(found, order)
	if q.Limit > 0 && len(found) > q.Limit {
		found = found[:q.Limit]
	}
	return found
}

// Timeline implements [incident.Store].
func (s *Store) Timeline(ctx context.Context, n incident.Number) (entries []incident.Entry, err error) {
	err = s.locked(ctx, func() error {
		r := s.record(n)
		if r == nil || len(r.entries) == 0 {
			return incident.ErrNotFound
		}
		entries = slices.Clone(r.entries)
		return nil
	})
	return entries, err
}

// Commit implements [incident.Store].
func (s *Store) Commit(ctx context.Context, c incident.Commit) error {
	if _, err := store.Encode(c); err != nil {
		return err
	}
	s.mu.Lock()
	first := s.before
	s.before = nil
	s.mu.Unlock()
	if first != nil {
		first()
	}
	return s.locked(ctx, func() error {
		s.calls.Commits++
		return s.commit(c)
	})
}

func (s *Store) commit(c incident.Commit) error {
	if err := s.check(c); err != nil {
		return err
	}
	s.keys[c.Key] = c.Number()
	for _, change := range c.Changes {
		s.put(change)
	}
	for _, n := range c.Queued() {
		s.queue(n, c.At)
	}
	if c.Slot != nil {
		s.slots[c.Slot.Job] = c.Slot.At
	}
	if c.Fired != nil {
		s.settle(*c.Fired)
	}
	if c.Sent != nil {
		return s.pop(*c.Sent)
	}
	return nil
}

// check finds what has come in between.
func (s *Store) check(c incident.Commit) error {
	if _, repeated := s.keys[c.Key]; repeated {
		return incident.ErrRepeated
	}
	last := s.last()
	for _, change := range c.Changes {
		after := change.After
		if r := s.record(after.Number); r != nil {
			if after.Version != r.head.Version+1 {
				return incident.ErrStale
			}
			continue
		}
		if last++; after.Number != last || after.Version != 1 {
			return incident.ErrStale
		}
	}
	switch {
	case c.Slot != nil && !c.Slot.At.After(s.slots[c.Slot.Job]):
		return incident.ErrRepeated
	case c.Fired != nil && s.claimed(*c.Fired) == nil:
		return incident.ErrLost
	case c.Sent != nil && s.leased(*c.Sent) == nil:
		return incident.ErrLost
	}
	return nil
}

// put writes what has been checked.
func (s *Store) put(c incident.Change) {
	r := s.record(c.After.Number)
	if r == nil {
		r = &record{parts: map[incident.PartKind]map[string]incident.Part{}}
		s.incidents = append(s.incidents, r)
	}
	r.head, r.summary = c.After, c.Summary
	r.head.Loaded = incident.Loaded{}
	r.entries = append(r.entries, c.Entries...)
	if c.After.Channel != "" {
		s.channels[c.After.Channel] = c.After.Number
	}
	for _, p := range c.Parts {
		if len(p.Body) == 0 {
			delete(r.parts[p.Kind], p.ID)
			continue
		}
		if r.parts[p.Kind] == nil {
			r.parts[p.Kind] = map[string]incident.Part{}
		}
		r.parts[p.Kind][p.ID] = p
	}
	for _, t := range c.Timers {
		s.set(t)
	}
}

// Ping implements [store.Store].
func (s *Store) Ping(ctx context.Context) error {
	return s.locked(ctx, func() error { return nil })
}

// Close implements [store.Store]. A store that was closed is unavailable.
func (s *Store) Close() error {
	s.Fail(incident.ErrUnavailable)
	return nil
}
