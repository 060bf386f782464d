package incident

import "slices"

// Status is where an incident stands.
type Status string

// The statuses, in the order of a usual incident.
const (
	Investigating Status = "investigating"
	Identified    Status = "identified"
	Monitoring    Status = "monitoring"
	Resolved      Status = "resolved"
	Closed        Status = "closed"
	Cancelled     Status = "cancelled"
)

// Edge is one allowed move.
type Edge struct {
	Verb     Verb
	From, To Status
}

// Edges is the transition table. docs/state-machine.md draws it.
func Edges() []Edge { return slices.Clone(edges) }

var edges = []Edge{
	{VerbUpdate, Investigating, Identified},
	{VerbUpdate, Investigating, Monitoring},
	{VerbUpdate, Identified, Investigating},
	{VerbUpdate, Identified, Monitoring},
	{VerbUpdate, Monitoring, Investigating},
	{VerbUpdate, Monitoring, Identified},
	{VerbResolve, Investigating, Resolved},
	{VerbResolve, Identified, Resolved},
	{VerbResolve, Monitoring, Resolved},
	{VerbCancel, Investigating, Cancelled},
	{VerbCancel, Identified, Cancelled},
	{VerbCancel, Monitoring, Cancelled},
	{VerbMerge, Investigating, Cancelled},
	{VerbMerge, Identified, Cancelled},
	{VerbMerge, Monitoring, Cancelled},
	{VerbClose, Resolved, Closed},
	{VerbReopen, Resolved, Investigating},
	{VerbReopen, Closed, Investigating},
	{VerbReopen, Cancelled, Investigating},
}

// Open reports whether people are still at work: reminders and escalations
// belong to open incidents only.
func (s Status) Open() bool {
	return s == Investigating || s == Identified || s == Monitoring
}

// Mitigated reports whether the fault no longer hurts: a fix is being watched,
// or the incident is over. Escalation by itself stops here.
func (s Status) Mitigated() bool { return s != Investigating && s != Identified }

// Working lists the statuses that an update may set.
func Working() []Status { return []Status{Investigating, Identified, Monitoring} }

// ParseWorking reads a status that an update may set, by its name or another
// word for it, in lower case.
func ParseWorking(word string) (Status, bool) {
	for _, s := range Working() {
		if word == string(s) || slices.Contains(synonyms[s], word) {
			return s, true
		}
	}
	return "", false
}

// synonyms are what else is said for a status, by people and by Muster itself.
var synonyms = map[Status][]string{
	Investigating: {"investigate", "investigated"},
	Identified:    {"identify", "diagnosed", "fixing"},
	Monitoring:    {"monitor", "monitored", "mitigated", "fixed", "stable", "stabilised", "stabilized", "recovered", "watching"},
}

func (v Verb) allowed(from, to Status) bool {
	return slices.Contains(edges, Edge{v, from, to})
}
