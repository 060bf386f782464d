package redis

import (
	"fmt"
	"strconv"
	"strings"

	"muster/internal/incident"
)

// keys names everything that a workspace has in Redis. The braces are a hash
// tag: all of it is in one slot, and so on one node.
//
// What a schema keeps has names of its own, so that a replica of an older
// Muster that still runs cannot mistake it for what it knows.
type keys struct {
	base   string   // of what every schema knows
	prefix string   // of what this one keeps
	all    []string // what every script gets, in prelude.lua's order
	id     string   // of the store that was opened
}

func keysOf(workspace string) keys {
	base := "m:{" + workspace + "}:"
	k := keys{base: base, prefix: fmt.Sprintf("%s%d:", base, schemaVersion)}
	for _, name := range []string{
		"heads",    // HASH number → head
		"versions", // HASH number → version
		"cited",    // HASH number → the timeline entries that hold its texts ("2 5")
		"rows",     // HASH number → summary
		"channels", // HASH channel → number
		"open",     // ZSET number, by its place: those people are at work on
		"changed",  // ZSET number, by the moment of its last commit
		"due",      // ZSET timer ("7 update") by the moment it is due, or its claim ends
		"timers",   // HASH timer → "at generation fence"
		"slots",    // HASH job → last slot that was claimed
		"queues",   // HASH lane → see lane.lua
		"waiting",  // and a colon and a lane: LIST of "number notice"
		"merging",  // HASH lane, newline, merge → number of the notice that others merge with
		"gates",    // ZSET what limits deliveries, by the moment it opens; see take.lua
		"away",     // ZSET lane that is leased or postponed, by when it is back
		"shut",     // ZSET line that waits for its destination, by when that opens
		"line",     // and a colon and a line: ZSET lane by its place
		"ops",      // SET op; and a colon and an op: ZSET line by its first lane's place;
		//             and ":passes": LIST of when its last ones passed, the latest first
	} {
		k.all = append(k.all, k.prefix+name)
	}
	k.all = append(k.all,
		k.prefix+"timeline:", // and a number: LIST of its entries
		k.prefix+"part:",     // and a number, a colon and a kind: HASH ID → body
		k.meta(),
	)
	return k
}

// store names the store that was opened: every script gets it last, and runs only
// if it is still this one. It is no key that holds anything.
func (k keys) store() string { return k.base + "store:" + k.id }

// meta is a HASH: last → highest number, fence → last count (of leases, claims and
// notices), epoch → that count when the server changed last, server → its run ID,
// clock → the latest moment that was seen, schema → version, store → ID of the
// store, given when it was begun.
func (k keys) meta() string { return k.base + "meta" }

// ping is written to see whether writing works.
func (k keys) ping() string { return k.prefix + "ping" }

// dedupe remembers a commit's key.
func (k keys) dedupe(key string) string { return k.base + "key:" + key }

// reply remembers what a request was answered.
func (k keys) reply(request string) string { return k.prefix + "reply:" + request }

// timeline is the LIST of an incident's entries.
func (k keys) timeline(n incident.Number) string {
	return fmt.Sprintf("%stimeline:%d", k.prefix, int(n))
}

// waiting is the LIST of a lane's notices.
func (k keys) waiting(lane string) string { return k.prefix + "waiting:" + lane }

// part is the HASH of an incident's parts of one kind.
func (k keys) part(n incident.Number, kind incident.PartKind) string {
	return fmt.Sprintf("%spart:%d:%s", k.prefix, int(n), kind)
}

// v1 is a key of schema 1.
func (k keys) v1(name string) string { return k.base + name }

// v2 is a key of schema 2.
func (k keys) v2(name string) string { return k.base + "2:" + name }

// aside is where what schema 1 kept under a name waits for its upgrade.
func (k keys) aside(name string) string { return k.base + "1:" + name }

// place is where a row stands among the open ones: the worst first, then the
// oldest. A score is exact up to 53 bits.
func place(row incident.Summary) int64 { return int64(row.Rank)<<32 + int64(row.Number) }

// citation writes an incident's cited entries.
func citation(inc incident.Incident) string {
	var seqs []string
	for _, seq := range inc.Cited() {
		seqs = append(seqs, strconv.Itoa(seq))
	}
	return strings.Join(seqs, " ")
}
