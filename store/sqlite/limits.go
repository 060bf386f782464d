package sqlite

import (
	"muster/internal/notice"
)

// gates decide whether a lane's head may be taken now. A rate is kept as its
// theoretical arrival time: the moment at which it would have worked off all
// that went through so far. A burst may run ahead of that.
type gates struct {
	tx     *tx
	now    int64
	limits notice.Limits
}

// limit is one rate that a head has to keep.
type limit struct {
	gate  string
	every int64 // milliseconds
	burst int64
}

// kept returns the rates that the head has to keep.
func (g gates) kept(head lane) []limit {
	all := []limit{newLimit("op:"+string(head.op), g.limits.Ops[head.op])}
	if head.op == notice.OpPost {
		all = append(all, newLimit("lane:"+head.name, g.limits.Lane))
	}
	return all
}

func newLimit(gate string, r notice.Rate) limit {
	return limit{gate: gate, every: r.Every.Milliseconds(), burst: int64(max(r.Burst, 1))}
}

// opens returns the moment from which nothing postpones the head.
func (g gates) opens(head lane) (int64, error) {
	opens, err := g.tx.gate("block:" + string(head.op))
	if err != nil {
		return 0, err
	}
	for _, l := range g.kept(head) {
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
// before the clock went back, or for a slower rate, and is corrected.
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
	for _, l := range g.kept(head) {
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

// gate returns the moment kept under a name, 0 for none.
func (t *tx) gate(name string) (until int64, err error) {
	_, err = t.row(`SELECT until FROM gates WHERE gate = ?`, []any{name}, &until)
	return until, err
}

// block lets no lane deliver an op before a moment.
func (t *tx) block(op notice.Op, until int64) error {
	_, err := t.exec(`INSERT INTO gates (gate, until) VALUES ('block:' || ?, ?)
		ON CONFLICT DO UPDATE SET until = max(until, excluded.until)`, op, until)
	return err
}
