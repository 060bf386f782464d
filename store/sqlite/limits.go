package sqlite

import (
	"time"

	"muster/internal/notice"
	"muster/store"
)

// gates decide whether a lane's head may be taken now. A pace is kept as its
// theoretical arrival time: the moment at which it would have worked off all
// that went through so far. A burst may run ahead of that.
type gates struct {
	tx     *tx
	now    int64
	limits notice.Limits
}

// opOpens returns the moment from which on an op lets somebody through.
func (g gates) opOpens(op notice.Op, urgent bool) (int64, error) {
	r := g.limits.Ops[op]
	opens, err := g.tx.gate("block:" + string(op))
	if err == nil && (!urgent || r.Most == 0) {
		var pace int64
		pace, err = g.paceOpens("op:"+string(op), r)
		opens = max(opens, pace)
	}
	if err != nil || r.Most == 0 {
		return opens, err
	}
	var at int64
	found, err := g.tx.row(`SELECT at FROM passes WHERE op = ? ORDER BY number DESC LIMIT 1 OFFSET ?`, []any{op, r.Most - 1}, &at)
	if found {
		opens = max(opens, at+r.Per.Milliseconds())
	}
	return opens, err
}

// paceOpens returns the moment from which on a cell of a rate has room.
func (g gates) paceOpens(cell string, r notice.Rate) (int64, error) {
	if r.Every == 0 {
		return 0, nil
	}
	arrival, err := g.tx.gate(cell)
	return arrival - int64(max(r.Burst, 1)-1)*r.Every.Milliseconds(), err
}

// pass counts the head of a line.
func (g gates) pass(f front) error {
	r := g.limits.Ops[f.op]
	if err := g.count("op:"+string(f.op), r); err != nil {
		return err
	}
	if f.destination() != "" {
		if err := g.count("to:"+f.destination(), g.limits.Destination); err != nil {
			return err
		}
	}
	if r.Most == 0 {
		return nil
	}
	if err := g.tx.change(`DELETE FROM passes WHERE op = ? AND at <= ?`, f.op, g.now-r.Per.Milliseconds()); err != nil {
		return err
	}
	number, err := g.tx.count()
	if err != nil {
		return err
	}
	return g.tx.change(`INSERT INTO passes (op, number, at) VALUES (?, ?, ?)`, f.op, number, g.now)
}

func (g gates) count(cell string, r notice.Rate) error {
	if r.Every == 0 {
		return nil
	}
	return g.tx.change(`INSERT INTO gates (gate, until) VALUES (?1, ?2 + ?3)
		ON CONFLICT DO UPDATE SET until = max(until, ?2) + ?3`, cell, g.now, r.Every.Milliseconds())
}

// gate returns the moment kept under a name, 0 for none.
func (t *tx) gate(name string) (until int64, err error) {
	_, err = t.row(`SELECT until FROM gates WHERE gate = ?`, []any{name}, &until)
	return until, err
}

// opens remembers until when an op or a destination is known to wait.
func (t *tx) opens(what string, until int64) error {
	return t.change(`INSERT INTO gates (gate, until) VALUES ('opens:' || ?, ?)
		ON CONFLICT DO UPDATE SET until = excluded.until WHERE until <> excluded.until`, what, until)
}

// block lets no lane deliver an op before a moment.
func (t *tx) block(op notice.Op, until int64) error {
	return t.change(`INSERT INTO gates (gate, until) VALUES ('block:' || ?, ?)
		ON CONFLICT DO UPDATE SET until = max(until, excluded.until)`, op, until)
}

// see notices that the clock went back. All that is yet to come then comes as
// much earlier, so that nothing waits longer than it was asked to.
func (t *tx) see(at time.Time) error {
	now := store.Millis(at)
	var clock int64
	if _, err := t.row(`SELECT value FROM counters WHERE name = 'clock'`, nil, &clock); err != nil {
		return err
	}
	by := clock - now
	if by <= notice.ClockTolerance.Milliseconds() {
		return nil
	}
	for _, query := range []string{
		`UPDATE lanes SET ready = ready - ?1 WHERE ready > ?2`,
		`UPDATE lines SET opens = opens - ?1 WHERE opens > ?2`,
		`UPDATE gates SET until = until - ?1 WHERE until > ?2`,
		`UPDATE passes SET at = at - ?1 WHERE at <= ?1 + ?2`,
		`UPDATE counters SET value = value - ?1 WHERE name = 'clock' AND value > ?2`,
	} {
		if err := t.change(query, by, now); err != nil {
			return err
		}
	}
	return nil
}

// saw notes the latest moment. Together with it, a moment to come is written: who
// writes none need not be known to have been here.
func (t *tx) saw(now int64) error {
	return t.change(`UPDATE counters SET value = ?1 WHERE name = 'clock' AND value < ?1`, now)
}
