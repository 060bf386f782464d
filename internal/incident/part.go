package incident

import (
	"cmp"
	"encoding/json"
	"fmt"
	"slices"
)

// PartKind is a kind of part.
type PartKind string

// PartDeadLetter is a notice that could not be delivered, as a [DeadLetter].
const PartDeadLetter PartKind = "deadletter"

// Part is something of an incident that grows with what happens to it. It is
// kept beside the head and written in the same commit, under the same version,
// so that the head stays small.
type Part struct {
	Kind PartKind        `json:"kind"`
	ID   string          `json:"id"`             // unique within the incident and kind; gives the order
	Body json.RawMessage `json:"body,omitempty"` // empty in a [Change]: the part is removed
}

// newPart encodes a part.
func newPart(kind PartKind, id string, body any) Part {
	b, err := json.Marshal(body)
	if err != nil {
		panic(fmt.Sprintf("incident: %s %s does not encode: %v", kind, id, err)) // plain data: cannot happen
	}
	return Part{Kind: kind, ID: id, Body: b}
}

// Want says what is read beside an incident's head.
type Want struct {
	Parts   []PartKind
	Texts   bool  // the timeline entries that hold its texts; see [Incident.Texts]
	Entries []int // timeline entries, by number
}

// Loaded is what was read beside an incident's head.
type Loaded struct {
	Parts   map[PartKind][]Part // of each wanted kind, also one that has none; sorted by ID
	Entries map[int]Entry       // by number
}

// decodeParts returns the bodies of an incident's parts of one kind. The kind
// has to be wanted when the incident is loaded: taking what was not read for
// what is not there would lose it, so that panics.
func decodeParts[T any](inc Incident, kind PartKind) ([]T, error) {
	parts, loaded := inc.Loaded.Parts[kind]
	if !loaded && inc.Version > 0 {
		panic(fmt.Sprintf("incident: %s was loaded without its parts of kind %s", inc.Number, kind))
	}
	bodies := make([]T, len(parts))
	for i, p := range parts {
		if err := json.Unmarshal(p.Body, &bodies[i]); err != nil {
			return nil, fmt.Errorf("%s: decode %s %s: %w", inc.Number, kind, p.ID, err)
		}
	}
	return bodies, nil
}

// Topic is what one of an incident's long texts is about.
type Topic string

// The topics.
const (
	TopicImpact     Topic = "impact"
	TopicProgress   Topic = "progress" // the last update
	TopicETA        Topic = "eta"      // the last update that said one, or that there is none
	TopicResolution Topic = "resolution"
	TopicCause      Topic = "cause" // the root cause, where a resolution said it
)

// text returns the facts of the entry that holds a text, none if nobody has
// said it. The incident has to be loaded with its texts.
func (inc Incident) text(t Topic) map[string]string {
	seq := inc.Texts[t]
	if seq == 0 {
		return nil
	}
	e, ok := inc.Loaded.Entries[seq]
	if !ok {
		panic(fmt.Sprintf("incident: %s was loaded without its texts", inc.Number))
	}
	return e.Facts
}

// Impact returns what is known of it, "" if nobody has said.
func (inc Incident) Impact() string { return inc.text(TopicImpact)["impact"] }

// Progress returns what the last update said, "" before the first.
func (inc Incident) Progress() string { return inc.text(TopicProgress)["text"] }

// ETA returns when a fix was last expected, in the words and at the moment in
// which that was said; zero where nobody has, or it holds no longer.
func (inc Incident) ETA() (eta string, said Stamp) {
	seq := inc.Texts[TopicETA]
	if eta = inc.text(TopicETA)["eta"]; eta == "" {
		return "", Stamp{}
	}
	e := inc.Loaded.Entries[seq]
	return eta, Stamp{e.By, e.At}
}

// Resolution returns what fixed it, the last time if it was reopened; zero while
// nobody has said.
func (inc Incident) Resolution() Resolution {
	facts, cause := inc.text(TopicResolution), inc.text(TopicCause)["cause"]
	return Resolution{Summary: facts["summary"], Cause: cmp.Or(facts["cause"], cause), CustomerImpact: inc.CustomerImpact}
}

// Cited returns the numbers of the timeline entries that hold the incident's
// texts, sorted, each once. A store keeps them beside the head to answer
// [Want.Texts] without decoding it.
func (inc Incident) Cited() []int {
	var all []int
	for _, seq := range inc.Texts {
		all = append(all, seq)
	}
	slices.Sort(all)
	return slices.Compact(all)
}
