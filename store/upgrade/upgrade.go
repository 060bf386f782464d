package upgrade

import (
	"cmp"
	"encoding/json"
	"fmt"
	"slices"
	"time"
	"unicode/utf8"

	"muster/internal/incident"
	"muster/internal/notice"
	"muster/internal/policy"
	"muster/internal/slackid"
	"muster/store"
)

// Incident converts an incident with its timeline. It fails if the timeline is
// not as it was written.
func Incident(doc []byte, timeline [][]byte) (store.History, error) {
	var d document
	if err := json.Unmarshal(doc, &d); err != nil {
		return store.History{}, fmt.Errorf("upgrade an incident: %w", err)
	}
	h, err := d.history(timeline)
	if err != nil {
		return store.History{}, fmt.Errorf("upgrade %s: %w", d.Number, err)
	}
	return h, nil
}

// Notice converts a notice that waits.
func Notice(body []byte) (notice.Notice, error) {
	var n intent
	if err := json.Unmarshal(body, &n); err != nil {
		return notice.Notice{}, fmt.Errorf("upgrade a notice: %w", err)
	}
	return n.now(), nil
}

func (d document) history(timeline [][]byte) (h store.History, err error) {
	lines := make([]line, len(timeline))
	for i, b := range timeline {
		if err := json.Unmarshal(b, &lines[i]); err != nil {
			return h, err
		}
	}
	if err := d.verify(lines); err != nil {
		return h, err
	}
	h.Incident = d.head()
	c := converter{declared: d.Declared.At}
	for _, l := range lines {
		facts, err := c.facts(l)
		if err != nil {
			return h, fmt.Errorf("entry %d: %w", l.Seq, err)
		}
		e := incident.Entry{Seq: l.Seq, At: l.At, By: l.By, Kind: l.Kind, Facts: facts}.Chain(h.Incident.LastHash)
		h.Incident.LastHash = e.Hash
		h.Entries = append(h.Entries, e)
	}
	h.Incident.Texts = d.texts(h.Entries)
	if h.Parts, err = d.deadLetters(); err != nil {
		return h, err
	}
	h.Incident.Undelivered, h.Incident.ID = len(h.Parts), identity(h.Incident)
	h.Summary = d.summary(h)
	return h, nil
}

func (d document) head() incident.Incident {
	inc := incident.Incident{
		Number: d.Number, Version: d.Version, Title: d.Title, Severity: d.Severity, Status: d.Status, Private: d.Private,
		Declared: d.Declared, Acked: d.Acked, Mitigated: d.Mitigated, Ended: d.Ended, CustomerImpact: d.Resolution.CustomerImpact,
		Level: d.Level, Reached: d.Reached, Since: d.Since, Updated: d.Updated, Reminded: d.Reminded, Snoozed: d.Snoozed, Warned: d.Warned,
		Channel: d.Channel, ChannelName: d.ChannelName, Card: d.Card, Announced: d.Announced,
		Roles: d.Roles, Responders: slackid.NewSet(d.Responders...), Timers: d.Timers, Steps: d.Steps, Entries: d.Entries,
	}
	for name, outcome := range inc.Steps {
		outcome.Reason = shortened(outcome.Reason)
		inc.Steps[name] = outcome
	}
	return inc
}

// shortened cuts a reason to what a head keeps. The timeline has all of it.
func shortened(reason string) string {
	const limit = 1000
	if utf8.RuneCountInString(reason) <= limit {
		return reason
	}
	return string([]rune(reason)[:limit-1]) + "…"
}

// texts finds the entries that hold the document's texts: the last that said them.
func (d document) texts(entries []incident.Entry) map[incident.Topic]int {
	texts := map[incident.Topic]int{}
	for _, e := range entries {
		if d.Impact != "" && e.Facts["impact"] == d.Impact {
			texts[incident.TopicImpact] = e.Seq
		}
		if d.Progress.Text != "" && e.Kind == incident.EntryUpdated {
			texts[incident.TopicProgress] = e.Seq
			delete(texts, incident.TopicETA) // schema 1 kept the last update's only
			if e.Facts["eta"] != "" {
				texts[incident.TopicETA] = e.Seq
			}
		}
		if d.Resolution.Summary != "" && e.Kind == incident.EntryResolved {
			texts[incident.TopicResolution] = e.Seq
		}
	}
	if len(texts) == 0 {
		return nil
	}
	return texts
}

// deadLetters makes parts of what could not be delivered, one for those that
// serve for one another.
func (d document) deadLetters() ([]incident.Part, error) {
	var parts []incident.Part
	for _, u := range d.Undelivered {
		n := u.Notice.now()
		id := n.Key
		if n.Merge != "" {
			id = "merge " + n.Lane + " " + n.Merge
		}
		body, err := json.Marshal(incident.DeadLetter{Notice: n, Reason: u.Reason, At: u.At})
		if err != nil {
			return nil, err
		}
		parts = slices.DeleteFunc(parts, func(p incident.Part) bool { return p.ID == id })
		parts = append(parts, incident.Part{Kind: incident.PartDeadLetter, ID: id, Body: body})
	}
	slices.SortFunc(parts, func(a, b incident.Part) int { return cmp.Compare(a.ID, b.ID) })
	return parts, nil
}

// v1Policy has the severities of schema 1, for their rank.
var v1Policy = policy.Policy{Severities: []policy.SeverityPolicy{
	{Severity: policy.P0}, {Severity: policy.P1}, {Severity: policy.P2}, {Severity: policy.P3},
}}

// summary is the incident's row. What needs the policy (when it had to be
// acknowledged, since when an update is overdue) is left for its next commit.
func (d document) summary(h store.History) incident.Summary {
	changed := d.Declared.At
	if n := len(h.Entries); n > 0 {
		changed = h.Entries[n-1].At
	}
	s := h.Incident.Summary(v1Policy, changed)
	s.UpdateSince = time.Time{}
	return s
}
