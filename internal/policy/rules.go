package policy

import "time"

// Urgency is how soon notices of a severity are delivered where others wait too.
type Urgency string

// The urgencies, from the most urgent.
const (
	Urgent Urgency = "urgent"
	High   Urgency = "high"
	Normal Urgency = "normal"
)

// PostMortem says which incidents need a post-mortem.
type PostMortem struct {
	When       map[Severity]When // no entry = Never
	Within     time.Duration     // of its end, it is to be scheduled
	LongerThan time.Duration     // so does any incident that lasted longer; 0 = none for its length
}

// When says under which condition a severity's incidents need a post-mortem.
type When string

// The conditions.
const (
	Always         When = "always"
	CustomerImpact When = "customer_impact" // if customers noticed
	Never          When = "never"
)

// Snooze is how long an update reminder may be snoozed.
type Snooze struct {
	Min, Max time.Duration
	Default  time.Duration // by the reminder's button
}

// Archive says when the channel of an incident that is over is archived.
type Archive struct {
	After time.Duration // since the incident was closed, cancelled or merged; 0 = never
}

// ArchiveNotice is how long before a channel is archived its people are told.
const ArchiveNotice = 24 * time.Hour

// Digest says when managers get their digest.
type Digest struct {
	Enabled  bool
	At       time.Duration // since midnight
	Timezone string        // that of At, such as "Europe/Paris"; known to time.LoadLocation
}
