package sqlite

import (
	"strings"

	"muster/internal/notice"
)

// front is the first line of an op that is not known to wait, and whose lane is
// its first.
type front struct {
	line string
	op   notice.Op
	place
}

// place is where a lane or a line stands: the most urgent first, of those the
// one that has been waiting the longest.
type place struct {
	priority int
	turn     int64
}

func (p place) before(other place) bool {
	return p.priority < other.priority || p.priority == other.priority && p.turn < other.turn
}

// destination returns what paces a line beside its op, "" if nothing does.
func (f front) destination() string {
	_, destination, _ := strings.Cut(f.line, " ")
	return destination
}

// lineOf returns the line of a lane with a head of some op.
func lineOf(lane string, op notice.Op) string {
	if op == notice.OpPost {
		return string(op) + " " + notice.Destination(lane)
	}
	return string(op)
}

// ops returns the ops for which lanes stand in line.
func (t *tx) ops() (all []notice.Op, err error) {
	for op := ""; ; {
		found, err := t.row(`SELECT op FROM lines WHERE op > ? ORDER BY op LIMIT 1`, []any{op}, &op)
		if err != nil || !found {
			return all, err
		}
		all = append(all, notice.Op(op))
	}
}

// front returns the first line of an op.
func (t *tx) front(op notice.Op) (f front, found bool, err error) {
	f.op = op
	found, err = t.row(`SELECT line, priority, turn FROM lines WHERE op = ? AND opens = 0 ORDER BY priority, turn LIMIT 1`,
		[]any{op}, &f.line, &f.priority, &f.turn)
	return f, found, err
}

// align puts a line where its first lane would stand. A new line of a destination
// waits if the destination does.
func (t *tx) align(line string) error {
	var p place
	found, err := t.row(`SELECT priority, turn FROM lanes WHERE line = ? AND NOT away ORDER BY priority, turn LIMIT 1`,
		[]any{line}, &p.priority, &p.turn)
	if err != nil {
		return err
	}
	if !found {
		return t.change(`DELETE FROM lines WHERE line = ?`, line)
	}
	op, destination, _ := strings.Cut(line, " ")
	return t.change(`INSERT INTO lines (line, op, priority, turn, opens)
		VALUES (?1, ?2, ?3, ?4, coalesce((SELECT until FROM gates WHERE gate = 'opens:to:' || ?5), 0))
		ON CONFLICT DO UPDATE SET priority = excluded.priority, turn = excluded.turn`, line, op, p.priority, p.turn, destination)
}

// wake puts back into line what was away, and opens the destinations, until now.
func (t *tx) wake(now int64) error {
	for {
		var lane, line string
		found, err := t.row(`SELECT lane, line FROM lanes WHERE away AND ready <= ? ORDER BY ready LIMIT 1`, []any{now}, &lane, &line)
		if err != nil {
			return err
		}
		if !found {
			break
		}
		if err := t.change(`UPDATE lanes SET away = 0 WHERE lane = ?`, lane); err != nil {
			return err
		}
		if err := t.align(line); err != nil {
			return err
		}
	}
	var first int64
	found, err := t.row(`SELECT opens FROM lines WHERE opens <> 0 AND opens <= ? LIMIT 1`, []any{now}, &first)
	if err != nil || !found {
		return err
	}
	return t.change(`UPDATE lines SET opens = 0 WHERE opens <> 0 AND opens <= ?`, now)
}

// first returns the first lane of all that may go on now. On the way, it notes
// what waits.
func (t *tx) first(g gates) (best front, found bool, err error) {
	ops, err := t.ops()
	if err != nil {
		return front{}, false, err
	}
	fronts := make([]front, 0, len(ops))
	for _, op := range ops {
		if f, found, err := t.front(op); err != nil {
			return front{}, false, err
		} else if found {
			fronts = append(fronts, f)
		}
	}
	for len(fronts) > 0 {
		at := 0
		for i := range fronts {
			if fronts[i].before(fronts[at].place) {
				at = i
			}
		}
		best = fronts[at]
		if g.limits.UrgentOnly && best.priority != int(notice.Urgent) {
			return front{}, false, nil
		}
		ok, err := t.passes(g, best)
		if err != nil || ok {
			return best, ok, err
		}
		next, found, err := t.front(best.op)
		switch {
		case err != nil:
			return front{}, false, err
		case found && next.line != best.line:
			fronts[at] = next
		default:
			fronts = append(fronts[:at], fronts[at+1:]...)
		}
	}
	return front{}, false, nil
}

// passes reports whether the gates let the front through. If its destination
// does not, its line waits from now on.
func (t *tx) passes(g gates, f front) (bool, error) {
	opens, err := g.opOpens(f.op, f.priority == int(notice.Urgent))
	if err != nil {
		return false, err
	}
	if opens > g.now {
		return false, t.opens("op:"+string(f.op), opens)
	}
	if f.destination() == "" {
		return true, nil
	}
	opens, err = g.paceOpens("to:"+f.destination(), g.limits.Destination)
	if err != nil || opens <= g.now {
		return err == nil, err
	}
	if err := t.opens("to:"+f.destination(), opens); err != nil {
		return false, err
	}
	return false, t.change(`UPDATE lines SET opens = ? WHERE line = ?`, opens, f.line)
}
