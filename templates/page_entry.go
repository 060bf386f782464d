package templates

import (
	"time"

	"muster/internal/incident"
	"muster/internal/policy"
)

// entry is what the notice tells of. A stranger to a private incident is told
// who did what, and of which levels, never what people wrote.
func (p page) entry() incident.Entry {
	if p.n.Entry == nil {
		return incident.Entry{}
	}
	if p.Outsider() {
		levels := map[string]string{"from": p.n.Entry.Data["from"], "to": p.n.Entry.Data["to"]}
		return incident.Entry{At: p.n.Entry.At, By: p.n.Entry.By, Kind: p.n.Entry.Kind, Data: levels}
	}
	return *p.n.Entry
}

// Sentence is the entry as a sentence.
func (p page) Sentence() mrkdwn { return p.safe(p.entry().Text) }

// Actor is who did it.
func (p page) Actor() mrkdwn { return mention(p.entry().By) }

// Kind is what the entry records.
func (p page) Kind() mrkdwn { return named(string(p.entry().Kind)) }

// Fact is one of the facts behind the entry, "" where it has none of that name.
func (p page) Fact(name string) mrkdwn { return p.safe(p.entry().Data[name]) }

// FactStatus is the status that the entry's update left.
func (p page) FactStatus() mrkdwn { return named(capital(p.entry().Data["status"])) }

// FactLevel is a level that the entry names, with its name.
func (p page) FactLevel(name string) mrkdwn {
	if l, ok := p.factLevel(name); ok {
		return p.level(l)
	}
	return p.Fact(name)
}

// FactPeople is who is called at a level that the entry names.
func (p page) FactPeople(name string) mrkdwn {
	l, _ := p.factLevel(name)
	return mentions(p.t.policy.Holders(l))
}

func (p page) factLevel(name string) (policy.Level, bool) {
	for l := policy.Level(1); l <= p.t.policy.Top(); l++ {
		if l.String() == p.entry().Data[name] {
			return l, true
		}
	}
	return 0, false
}

// FactClock is a moment that the entry names, "" where it names none.
func (p page) FactClock(name string) mrkdwn {
	at, err := time.Parse(time.RFC3339, p.entry().Data[name])
	if err != nil {
		return ""
	}
	return clock(at)
}

// Lasted is how long it had lasted when the entry was written.
func (p page) Lasted() mrkdwn { return span(p.moment().Sub(p.i.Declared.At)) }

// At is when the entry was written.
func (p page) At() mrkdwn { return when(p.moment()) }
