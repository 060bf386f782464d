package storetest

import (
	"cmp"
	"slices"
	"time"

	"muster/internal/incident"
	"muster/internal/slackid"
	"muster/store"
)

// model is what a store owes, said in the simplest way: no index, no encoding,
// no concurrency. It decides; the drivers must agree.
type model struct {
	incidents []incident.Incident // by number from 1
	timelines map[incident.Number][]incident.Entry
	channels  map[slackid.Channel]incident.Number
	keys      map[string]incident.Number
	timers    []*modelTimer
	lanes     map[string]*modelLane
	arrivals  map[string]time.Time      // theoretical arrival time of what has a rate
	holds     map[incident.Op]time.Time // until when an act is blocked
	slots     map[string]time.Time
	fence     int64
}

type modelTimer struct {
	incident.Timer
	due   time.Time
	fence int64
}

type modelLane struct {
	name    string
	waiting []incident.Notice // the head first, also while it is leased
	ready   time.Time
	taken   time.Time
	fence   int64
	unsure  bool
	tries   int
}

func newModel() *model {
	return &model{
		timelines: map[incident.Number][]incident.Entry{},
		channels:  map[slackid.Channel]incident.Number{},
		keys:      map[string]incident.Number{},
		lanes:     map[string]*modelLane{},
		arrivals:  map[string]time.Time{},
		holds:     map[incident.Op]time.Time{},
		slots:     map[string]time.Time{},
	}
}

func (m *model) load(ref incident.Ref, key string) (incident.Incident, bool, error) {
	if n, ok := m.keys[key]; ok {
		return m.incidents[n-1], true, nil
	}
	n := ref.Number
	switch {
	case ref == (incident.Ref{}):
		return incident.Incident{Number: incident.Number(len(m.incidents) + 1)}, false, nil
	case n == 0:
		n = m.channels[ref.Channel]
	}
	if n < 1 || int(n) > len(m.incidents) {
		return incident.Incident{}, false, incident.ErrNotFound
	}
	return m.incidents[n-1], false, nil
}

func (m *model) find(q incident.Query) (found []incident.Incident) {
	for _, i := range slices.Backward(m.incidents) {
		if (!q.Open || i.Status.Open()) && (q.Limit == 0 || len(found) < q.Limit) {
			found = append(found, i)
		}
	}
	return found
}

func (m *model) commit(c incident.Commit) error {
	after := c.Change.After
	stored := 0
	if int(after.Number) <= len(m.incidents) {
		stored = m.incidents[after.Number-1].Version
	}
	_, repeated := m.keys[c.Key]
	switch {
	case repeated:
		return incident.ErrRepeated
	case stored != after.Version-1, int(after.Number) > len(m.incidents)+1:
		return incident.ErrStale
	case c.Fired != nil && m.claimed(*c.Fired) == nil:
		return incident.ErrLost
	case c.Sent != nil && m.leased(*c.Sent) == nil:
		return incident.ErrLost
	}
	if stored == 0 {
		m.incidents = append(m.incidents, after)
	}
	m.incidents[after.Number-1] = after
	m.keys[c.Key] = after.Number
	if after.Channel != "" {
		m.channels[after.Channel] = after.Number
	}
	m.timelines[after.Number] = append(m.timelines[after.Number], c.Change.Entries...)
	for _, n := range c.Change.Notices {
		m.append(n, c.At)
	}
	for _, t := range c.Change.Timers {
		m.set(t)
	}
	if c.Fired != nil {
		m.settle(*c.Fired)
	}
	if c.Sent != nil {
		return m.pop(*c.Sent)
	}
	return nil
}

func (m *model) append(n incident.Notice, at time.Time) {
	lane := m.lanes[n.Lane]
	if lane == nil {
		lane = &modelLane{name: n.Lane, ready: at}
		m.lanes[n.Lane] = lane
	}
	for place, other := range lane.waiting {
		leased := place == 0 && lane.fence != 0
		if n.Merge != "" && n.Merge == other.Merge && !leased {
			return
		}
	}
	lane.waiting = append(lane.waiting, n)
}

func (m *model) set(t incident.Timer) {
	m.timers = slices.DeleteFunc(m.timers, func(old *modelTimer) bool {
		return old.Number == t.Number && old.Kind == t.Kind
	})
	if !t.At.IsZero() {
		m.timers = append(m.timers, &modelTimer{Timer: t, due: t.At})
	}
}

func (m *model) claimDue(now time.Time, lease time.Duration) (claims []incident.Claim) {
	m.fence++
	for _, t := range m.timers {
		if !t.due.After(now) {
			t.due, t.fence = now.Add(lease), m.fence
			claims = append(claims, incident.Claim{Timer: t.Timer, Fence: t.fence})
		}
	}
	return claims
}

func (m *model) claimed(c incident.Claim) *modelTimer {
	for _, t := range m.timers {
		if t.Number == c.Timer.Number && t.Kind == c.Timer.Kind && t.fence == c.Fence && t.fence != 0 {
			return t
		}
	}
	return nil
}

func (m *model) settle(c incident.Claim) int {
	t := m.claimed(c)
	if t == nil {
		return 0
	}
	m.timers = slices.DeleteFunc(m.timers, func(other *modelTimer) bool { return other == t })
	return 1
}

func (m *model) claimSlot(job string, slot time.Time) (last time.Time, won bool) {
	last = m.slots[job]
	if won = slot.After(last); won {
		m.slots[job] = slot
	}
	return last, won
}

// urgency is the most urgent priority of what waits in a lane.
func (l *modelLane) urgency() incident.Priority {
	most := incident.Bulk
	for _, n := range l.waiting {
		most = min(most, n.Priority)
	}
	return most
}

func (m *model) take(now time.Time, lease time.Duration, pace incident.RateLimits) (incident.Lease, bool) {
	for _, lane := range m.inOrder() {
		head := lane.waiting[0]
		if lane.ready.After(now) {
			continue
		}
		rates := map[string]incident.Rate{"act " + string(head.Op): pace.Ops[head.Op]}
		if head.Op == incident.OpPost {
			rates["lane "+lane.name] = pace.Lane
		}
		opens := m.holds[head.Op]
		for what, r := range rates {
			if r.Every == 0 {
				continue
			}
			ahead := time.Duration(max(r.Burst, 1)-1) * r.Every
			if at := m.arrival(what, r, now).Add(-ahead); at.After(opens) {
				opens = at
			}
		}
		if opens.After(now) {
			lane.ready = opens
			continue
		}
		for what, r := range rates {
			if r.Every > 0 {
				m.arrivals[what] = later(m.arrival(what, r, now), now).Add(r.Every)
			}
		}
		m.fence++
		lane.unsure = lane.unsure || lane.fence != 0
		lane.ready, lane.taken, lane.fence = now.Add(lease), now, m.fence
		lane.tries++
		return incident.Lease{
			Notice: head, Fence: lane.fence, Until: lane.ready, InDoubt: lane.unsure, Tries: lane.tries - 1,
		}, true
	}
	return incident.Lease{}, false
}

// arrival is never later than a full burst from now: a later one was written
// before the clock went back, or for a slower rate, and is put right.
func (m *model) arrival(what string, r incident.Rate, now time.Time) time.Time {
	if most := now.Add(time.Duration(max(r.Burst, 1)) * r.Every); m.arrivals[what].After(most) {
		m.arrivals[what] = most
	}
	return m.arrivals[what]
}

// inOrder is the most urgent lane first, of those the longest ready.
func (m *model) inOrder() []*modelLane {
	var all []*modelLane
	for _, lane := range m.lanes {
		all = append(all, lane)
	}
	slices.SortFunc(all, func(a, b *modelLane) int {
		return cmp.Or(cmp.Compare(a.urgency(), b.urgency()), a.ready.Compare(b.ready), cmp.Compare(a.name, b.name))
	})
	return all
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

func (m *model) leased(l incident.Lease) *modelLane {
	lane := m.lanes[l.Notice.Lane]
	if lane == nil || lane.fence == 0 || lane.fence != l.Fence || lane.waiting[0].Key != l.Notice.Key {
		return nil
	}
	return lane
}

func (m *model) release(l incident.Lease, h incident.Retry) error {
	lane := m.leased(l)
	if lane == nil {
		return incident.ErrLost
	}
	lane.ready, lane.unsure, lane.fence = h.NotBefore, h.InDoubt, 0
	if h.Op != "" {
		m.holds[h.Op] = later(m.holds[h.Op], h.NotBefore)
	}
	return nil
}

func (m *model) pop(l incident.Lease) error {
	lane := m.leased(l)
	if lane == nil {
		return incident.ErrLost
	}
	lane.waiting = lane.waiting[1:]
	lane.ready, lane.fence, lane.unsure, lane.tries = lane.taken, 0, false, 0
	if len(lane.waiting) == 0 {
		delete(m.lanes, lane.name)
	}
	return nil
}

// next is all that may be called the next: whatever comes first, and of what
// comes at the same moment the timers.
func (m *model) next() []store.Due {
	var all []store.Due
	for _, t := range m.timers {
		all = append(all, store.Due{At: t.due, Number: t.Number, Kind: t.Kind})
	}
	for _, lane := range m.lanes {
		all = append(all, store.Due{At: lane.ready})
	}
	if len(all) == 0 {
		return nil
	}
	order := func(a, b store.Due) int {
		return cmp.Or(a.At.Compare(b.At), min(len(b.Kind), 1)-min(len(a.Kind), 1))
	}
	first := slices.MinFunc(all, order)
	return slices.DeleteFunc(all, func(d store.Due) bool { return order(d, first) != 0 })
}
