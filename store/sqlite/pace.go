package sqlite

import (
	"muster/internal/incident"
)

// gates decide whether a lane's head may be taken now. A rate is kept as its
// theoretical arrival time: the moment at which it would have worked off all
// that went through so far. A burst may run ahead of that.
type gates struct {
	tx   *tx
	now  int64
	pace incident.RateLimits
}

// limit is one rate that a head has to keep.
type limit struct {
	gate  string
	every int64 // milliseconds
	burst int64
}

func (g gates) limits(head lane) []limit {
	all := []limit{newLimit("act:"+string(head.act), g.pace.Ops[head.act])}
	if head.act == incident.OpPost {
		all = append(all, newLimit("lane:"+head.name, g.pace.Lane))
	}
	return all
}

func newLimit(gate string, r incident.Rate) limit {
	return limit{gate: gate, every: r.Every.Milliseconds(), burst: int64(max(r.Burst, 1))}
}

// opens is the moment from which nothing holds the head back.
func (g gates) opens(head lane) (int64, error) {
	opens, err := g.tx.gate("hold:" + string(head.act))
	if err != nil {
		return 0, err
	}
	for _, l := range g.limits(head) {
		if l.every == 0 {
			continue
		}
		arrival, err := g.arrival(l)
		if err != nil {
			return 0, err
		}
		opens = max(opens, arrival-(l.burst-1)*l.every)
	}
	return opens, nil
}

// arrival is never later than a full burst from now: a later one was written
// before the clock went back, or for a slower rate, and is put right.
func (g gates) arrival(l limit) (int64, error) {
	arrival, err := g.tx.gate(l.gate)
	if most := g.now + l.burst*l.every; err == nil && arrival > most {
		arrival = most
		_, err = g.tx.exec(`UPDATE gates SET until = ? WHERE gate = ?`, most, l.gate)
	}
	return arrival, err
}

// pass counts the head.
func (g gates) pass(head lane) error {
	for _, l := range g.limits(head) {
		if l.every == 0 {
			continue
		}
		if _, err := g.tx.exec(`INSERT INTO gates (gate, until) VALUES (?1, ?2 + ?3)
			ON CONFLICT DO UPDATE SET until = max(until, ?2) + ?3`, l.gate, g.now, l.every); err != nil {
			return err
		}
	}
	return nil
}

// gate is the moment kept under a name, 0 for none.
func (t *tx) gate(name string) (until int64, err error) {
	_, err = t.row(`SELECT until FROM gates WHERE gate = ?`, []any{name}, &until)
	return until, err
}

// block lets no lane deliver an act before a moment.
func (t *tx) block(act incident.Op, until int64) error {
	_, err := t.exec(`INSERT INTO gates (gate, until) VALUES ('hold:' || ?, ?)
		ON CONFLICT DO UPDATE SET until = max(until, excluded.until)`, act, until)
	return err
}
