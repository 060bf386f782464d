package incident

import (
	"maps"
	"slices"
	"strings"
	"time"

	"muster/internal/notice"
	"muster/internal/policy"
	"muster/internal/slackid"
)

// How long a called level waits for its invitation to the channel. Then its people
// get direct messages, while the channel goes on being tried.
const (
	ReachWithin   = time.Minute
	ReachUrgently = 6 * time.Second // where the severity is urgent
)

// reachWithin returns which of the two applies.
func (inc Incident) reachWithin(p policy.Policy) time.Duration {
	if priority(p, inc.Severity) == notice.Urgent {
		return ReachUrgently
	}
	return ReachWithin
}

// Call is how far the calling of a level has come.
type Call struct {
	At      time.Time `json:"at"`
	Entry   int       `json:"entry"`             // the timeline entry that says why it was called
	Direct  bool      `json:"direct,omitempty"`  // by direct message
	Waiting int       `json:"waiting,omitempty"` // direct messages that are under way
	Reached bool      `json:"reached,omitempty"` // somebody was
	Nobody  string    `json:"nobody,omitempty"`  // why it has nobody who could be reached
}

// pending reports whether it is not known yet if anybody is reached.
func (c Call) pending() bool { return !c.Reached && c.Nobody == "" }

// Late reports whether nobody was reached in time, and Muster goes on trying.
func (c Call) Late() bool { return c.pending() && c.Direct }

// Called lists the levels called so far, L1 first.
func (inc Incident) Called() []policy.Level { return slices.Sorted(maps.Keys(inc.Calls)) }

// calling returns what of the calls people are shown beside the level: whom they
// do not reach.
func (inc Incident) calling() string {
	var all []string
	for _, l := range inc.Called() {
		switch c := inc.Calls[l]; {
		case c.Nobody != "":
			all = append(all, l.String()+" has nobody")
		case c.Late():
			all = append(all, l.String()+" is late")
		}
	}
	return strings.Join(all, ", ")
}

// reachDue returns when the next called level is to be called directly, if it
// has not been reached by then.
func (inc Incident) reachDue(p policy.Policy) (first time.Time, ok bool) {
	for _, c := range inc.Calls {
		if due := c.At.Add(inc.reachWithin(p)); c.pending() && !c.Direct && (!ok || due.Before(first)) {
			first, ok = due, true
		}
	}
	return first, ok
}

// setCall notes how far a level's calling has come.
func (d *draft) setCall(l policy.Level, c Call) {
	if d.Calls == nil {
		d.Calls = map[policy.Level]Call{}
	}
	d.Calls[l] = c
}

// call calls a level's people, to the channel or without one. It tells of an entry.
func (d *draft) call(l policy.Level, e int) {
	late := d.WithoutChannel()
	d.setCall(l, Call{At: d.At, Entry: e})
	if late || d.Steps[StepChannel].State == StepFailed {
		d.callDirectly(l)
	}
	if d.Steps[StepChannel].State != StepFailed {
		d.invite(l, slackid.NewSet[slackid.User]())
	}
}

// unnamed passes on a level to which the configuration names nobody.
func (d *draft) unnamed(l policy.Level) {
	if d.Policy.Holders(l).Empty() {
		d.nobody(l, "it has no members in the configuration")
	}
}

// WithoutChannel reports whether levels are called by direct message, since the
// channel has not been opened in time.
func (inc Incident) WithoutChannel() bool {
	if inc.Channel != "" {
		return false
	}
	for _, c := range inc.Calls {
		if c.Direct {
			return true
		}
	}
	return false
}

// callDirectly calls a level's people each by direct message, once.
func (d *draft) callDirectly(l policy.Level) {
	c, called := d.Calls[l]
	if !called || !c.pending() || c.Direct {
		return
	}
	c.Direct = true
	d.setCall(l, c)
	d.pageDirectly(l, callTemplate(l), c.Entry)
}

// callTemplate is what a level's people get in a direct message.
func callTemplate(l policy.Level) notice.Template {
	if l == 1 {
		return TemplateAlert
	}
	return TemplateEscalation
}

// needless reports whether a post need not tell the incident's channel of a call:
// its people have had it by direct message, or it reached nobody.
func (inc Incident) needless(n notice.Notice) bool {
	for _, c := range inc.Calls {
		if c.Entry == n.Entry && c.At.Equal(n.At) { // a later one was asked for
			return c.Direct && inc.HasChannel() || c.Nobody != "" && n.Template == TemplateEscalation
		}
	}
	return false
}

// isCall reports whether a notice calls somebody, and does not only tell them.
func isCall(n notice.Notice) bool {
	return n.To.Level > 0 && (n.Op == notice.OpInvite || n.Template == TemplateAlert || n.Template == TemplateEscalation)
}

// reach calls the levels directly that no invitation has reached in time.
func (d *draft) reach() {
	first := !d.WithoutChannel()
	var late []string
	for _, l := range d.Called() {
		if c := d.Calls[l]; c.pending() && !c.Direct && !c.At.Add(d.reachWithin(d.Policy)).After(d.At) {
			d.callDirectly(l)
			late = append(late, l.String())
		}
	}
	e := d.record(EntryCalledDirectly, map[string]string{"levels": strings.Join(late, ", "), "after": d.reachWithin(d.Policy).String()})
	if d.Channel != "" {
		d.post(TemplateChange, e)
	} else if first {
		d.notify(notice.Notice{Op: notice.OpPost, Template: TemplateNoChannel, To: notice.Address{User: d.Declared.By}, Entry: e})
	}
}

// reached takes note of whom an invitation reached. Whoever could not be invited
// gets a direct message; where there is nobody at all, the next level is called.
func (d *draft) reached(n notice.Notice, r notice.Receipt, reason string) {
	c, called := d.Calls[n.To.Level]
	if !called {
		return
	}
	first := c.pending() && !c.Direct
	for _, u := range r.Users {
		if _, refused := r.Refused[u]; !refused {
			c.Reached, c.Nobody = true, ""
		} else if first {
			d.pageUser(u, n.To.Level, callTemplate(n.To.Level), c.Entry)
			c.Waiting++
		}
	}
	c.Direct = c.Direct || !c.Reached && c.Waiting > 0
	d.setCall(n.To.Level, c)
	if len(r.Users) == 0 {
		d.nobody(n.To.Level, reason)
	}
}

// expanded takes note of who a level's people are, and messages each of them.
func (d *draft) expanded(n notice.Notice, r notice.Receipt) Change {
	reason := d.unreached(n, r)
	for _, u := range r.Users {
		d.pageUser(u, n.To.Level, n.Template, n.Entry)
	}
	if !isCall(n) {
		return d.withoutRefresh()
	}
	for _, u := range r.Users {
		d.involve(u)
	}
	if c, called := d.Calls[n.To.Level]; called {
		c.Waiting += len(r.Users)
		d.setCall(n.To.Level, c)
	}
	if len(r.Users) > 0 {
		return d.withoutRefresh()
	}
	d.nobody(n.To.Level, reason)
	return d.change()
}

// gotDirectly takes note that a direct message has reached one of a level's people.
func (d *draft) gotDirectly(n notice.Notice) (Change, error) {
	c, called := d.Calls[n.To.Level]
	if !called || c.Reached || !isCall(n) {
		return Change{}, ErrNoChange
	}
	c.Reached, c.Nobody = true, ""
	d.setCall(n.To.Level, c)
	return d.change(), nil
}

// missed takes note that a level, or one of its people, could not be called in
// one way. Then it is called in another, and then the next level is.
func (d *draft) missed(n notice.Notice, reason string) {
	c, called := d.Calls[n.To.Level]
	if !called || !isCall(n) {
		return
	}
	switch n.Op {
	case notice.OpInvite:
		d.callDirectly(n.To.Level)
		return
	case notice.OpPost:
		c.Waiting--
		d.setCall(n.To.Level, c)
	}
	if c.Waiting <= 0 {
		d.nobody(n.To.Level, reason)
	}
}

// nobody takes note that a level has nobody who could be called, and calls the
// next one at once. Where there is none, whoever is there has to know.
func (d *draft) nobody(l policy.Level, reason string) {
	c, called := d.Calls[l]
	if !called || !c.pending() {
		return
	}
	c.Nobody, c.Waiting = short(reason), 0
	d.setCall(l, c)
	switch {
	case d.Status.Mitigated():
	case l == d.Level && l < d.Policy.Top():
		d.asMuster(func() {
			d.escalate(l+1, map[string]string{"because": EscalatedNobody, "level": l.String(), "reason": c.Nobody})
		})
	case d.Level == d.Policy.Top() && d.CalledNobody():
		d.asMuster(func() {
			e := d.record(EntryNobody, map[string]string{"reason": c.Nobody})
			d.post(TemplateNobody, e)
			if d.Channel != "" { // else it goes to them anyway
				d.notify(notice.Notice{Op: notice.OpPost, Template: TemplateNobody, To: notice.Address{User: d.Declared.By}, Entry: e})
			}
		})
	}
}

// CalledNobody reports whether none of the levels called has anybody who could be
// reached.
func (inc Incident) CalledNobody() bool {
	for _, c := range inc.Calls {
		if c.Nobody == "" {
			return false
		}
	}
	return len(inc.Calls) > 0
}

// asMuster does what follows from what somebody did.
func (d *draft) asMuster(do func()) {
	by := d.By
	d.By = slackid.Muster
	do()
	d.By = by
}

// pageUser tells one person by direct message, as one of a level's.
func (d *draft) pageUser(u slackid.User, l policy.Level, t notice.Template, e int) {
	d.notify(notice.Notice{Op: notice.OpPost, Template: t, To: notice.Address{User: u, Level: l}, Entry: e})
}
