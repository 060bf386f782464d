package incident

import (
	"fmt"
	"time"
)

// Outage is a time in which Muster itself was not running.
type Outage struct {
	From, To time.Time
}

// Covers reports whether a moment fell into the outage.
func (o Outage) Covers(t time.Time) bool { return t.After(o.From) && !t.After(o.To) }

// Late is from which delay on a fired timer says that it is late.
const Late = time.Minute

// Fire is what happens when a timer's moment has come: [ErrMoot] if it is not
// the timer that the incident has armed by now, so that a doubled or outdated
// one does nothing.
func (inc Incident) Fire(c Origin, t Timer, o Outage) (Change, error) {
	armed, ok := inc.Timers[t.Kind]
	if !ok || armed.Gen != t.Gen {
		return Change{}, ErrNoChange
	}
	if armed.At.After(c.At) { // the clock went back since the timer was claimed: it was due all the same
		c.At = armed.At
	}
	d := inc.draft(c)
	switch t.Kind {
	case TimerUpdate:
		d.remind(t, o)
	case TimerRespond:
		d.warn()
	case TimerEscalate: // change() calls every level that is due
	default:
		return Change{}, fmt.Errorf("%s: unknown timer %q", inc.Number, t.Kind)
	}
	return d.change(), nil
}

func (d *draft) remind(t Timer, o Outage) {
	d.Reminded, d.Snoozed = d.At, time.Time{}
	last, what := d.Declared, "no update since it was declared"
	if !d.Updated.IsZero() {
		last, what = d.Updated, "last update"
	}
	data := map[string]string{"last": last.At.Format(time.RFC3339)}
	text := fmt.Sprintf("asked for an update: %s %s ago", what, Span(d.At.Sub(last.At)))
	if late := d.At.Sub(t.At); late >= Late {
		data["late"] = Span(late)
		text += fmt.Sprintf("; this reminder is %s late", Span(late))
		if o.Covers(t.At) {
			data["offline_from"], data["offline_to"] = o.From.Format(time.RFC3339), o.To.Format(time.RFC3339)
			text += fmt.Sprintf(", because Muster was offline %s–%s UTC", o.From.UTC().Format("15:04"), o.To.UTC().Format("15:04"))
		}
	}
	d.post(TemplateReminder, d.record(EntryReminded, data, "%s", text))
}

// warn tells the channel and the next level's people that nobody acknowledged.
func (d *draft) warn() {
	d.Warned = true
	response := d.Policy.Severity(d.Severity).Response
	e := d.record(EntryWarned, map[string]string{"response": Span(response)},
		"warned: nobody has acknowledged for %s", Span(response))
	d.post(TemplateWarning, e)
	d.pageDirectly(min(d.Level+1, d.Policy.Top()), TemplateWarning, e)
}
