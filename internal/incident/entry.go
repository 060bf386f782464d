package incident

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"time"

	"muster/internal/slackid"
)

// EntryKind says what a timeline entry records.
type EntryKind string

// The kinds of entries.
const (
	EntryDeclared       EntryKind = "declared"
	EntryAcknowledged   EntryKind = "acknowledged"
	EntryUpdated        EntryKind = "updated"
	EntrySeverity       EntryKind = "severity_changed"
	EntryAssigned       EntryKind = "role_assigned"
	EntryEscalated      EntryKind = "escalated"
	EntrySnoozed        EntryKind = "snoozed"
	EntryResolved       EntryKind = "resolved"
	EntryReopened       EntryKind = "reopened"
	EntryCancelled      EntryKind = "cancelled"
	EntryClosed         EntryKind = "closed"
	EntryReminded       EntryKind = "reminded"
	EntryWarned         EntryKind = "warned"
	EntryStep           EntryKind = "step"
	EntryCalledDirectly EntryKind = "called_directly" // for want of a channel
	EntryChannelGone    EntryKind = "channel_gone"    // archived or deleted while people were at work
	EntryChannelMoved   EntryKind = "channel_moved"   // it has another ID
	EntryNobody         EntryKind = "nobody"          // of all levels could be called
	EntryUndelivered    EntryKind = "undelivered"
	EntryRetried        EntryKind = "retried"
	EntryMerged         EntryKind = "merged"    // into another one, as a duplicate
	EntryDuplicate      EntryKind = "duplicate" // of this one was merged into it
	EntrySeparated      EntryKind = "separated" // one that was merged into it was reopened
	EntryArchiving      EntryKind = "archiving" // announced
	EntryKept           EntryKind = "kept"
	EntryArchived       EntryKind = "archived"
	EntryUnarchived     EntryKind = "unarchived"
)

// EntryKinds lists them.
func EntryKinds() []EntryKind {
	return []EntryKind{
		EntryDeclared, EntryAcknowledged, EntryUpdated, EntrySeverity, EntryAssigned, EntryEscalated, EntrySnoozed,
		EntryResolved, EntryReopened, EntryCancelled, EntryClosed, EntryReminded, EntryWarned, EntryStep,
		EntryCalledDirectly, EntryNobody, EntryChannelGone, EntryChannelMoved,
		EntryUndelivered, EntryRetried, EntryMerged, EntryDuplicate, EntrySeparated,
		EntryArchiving, EntryKept, EntryArchived, EntryUnarchived,
	}
}

// Entry is one line of an incident's timeline. Entries are only ever appended,
// and each carries the hash of the one before it. An entry holds facts; the
// sentence that people read is made of them when it is shown.
type Entry struct {
	Seq   int               `json:"seq"` // from 1, without gaps
	At    time.Time         `json:"at"`
	By    slackid.User      `json:"by"`
	Kind  EntryKind         `json:"kind"`
	Facts map[string]string `json:"facts,omitempty"` // durations as in Go ("1h30m0s"), moments in RFC 3339
	Prev  string            `json:"prev"`            // hash of the entry before, "" for the first
	Hash  string            `json:"hash"`            // hex SHA-256 of this entry without Hash
}

// Chain returns the entry with its place behind an entry's hash, "" for the first.
func (e Entry) Chain(prev string) Entry {
	e.Prev = prev
	e.Hash = e.digest()
	return e
}

func (e Entry) digest() string {
	e.Hash = ""
	b, err := json.Marshal(e) // map keys are sorted: the same entry always gives the same bytes
	if err != nil {
		panic(fmt.Sprintf("incident: entry does not encode: %v", err)) // strings and times only: cannot happen
	}
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:])
}

// Verify checks a whole timeline: numbered from 1, each entry untouched, each
// linked to the one before, the last one the incident's last.
func (inc Incident) Verify(timeline []Entry) error {
	prev := ""
	for i, e := range timeline {
		switch {
		case e.Seq != i+1:
			return fmt.Errorf("%s: entry %d is numbered %d", inc.Number, i+1, e.Seq)
		case e.Prev != prev:
			return fmt.Errorf("%s: entry %d does not follow the one before it", inc.Number, e.Seq)
		case e.Hash != e.digest():
			return fmt.Errorf("%s: entry %d was changed after it was written", inc.Number, e.Seq)
		}
		prev = e.Hash
	}
	if len(timeline) != inc.Entries || prev != inc.LastHash {
		return fmt.Errorf("%s: the timeline has %d entries, the incident says %d", inc.Number, len(timeline), inc.Entries)
	}
	return nil
}
