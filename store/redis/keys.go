package redis

import (
	"fmt"

	"muster/internal/incident"
)

// keys names everything that a workspace has in Redis. The braces are a hash
// tag: all of it is in one slot, and so on one node.
type keys struct {
	prefix string
	all    []string // what every script gets, in prelude.lua's order
}

func keysOf(workspace string) keys {
	k := keys{prefix: "m:{" + workspace + "}:"}
	for _, name := range []string{
		"docs",     // HASH number → document
		"versions", // HASH number → version
		"channels", // HASH channel → number
		"open",     // ZSET number, by number: those people are at work on
		"meta",     // HASH last → highest number, fence → last fence, schema → version
		"due",      // ZSET timer ("7 update") by the moment it is due, or its claim ends
		"timers",   // HASH timer → "at generation fence"
		"slots",    // HASH job → last slot that was won
		"lanes",    // HASH lane → see lane.lua
		"notices",  // HASH "lane#n" → notice
		"merges",   // HASH lane, newline, merge → n of the notice that others merge with
		"gates",    // ZSET what paces deliveries, by the moment it opens; see take.lua
	} {
		k.all = append(k.all, k.prefix+name)
	}
	for priority := range incident.Priorities {
		k.all = append(k.all, fmt.Sprintf("%sready:%d", k.prefix, priority)) // ZSET lane by when it is ready
	}
	return k
}

func (k keys) meta() string { return k.prefix + "meta" }

// ping is written to see whether writing works.
func (k keys) ping() string { return k.prefix + "ping" }

// dedupe remembers a commit's key.
func (k keys) dedupe(key string) string { return k.prefix + "key:" + key }

// reply remembers what a request was answered.
func (k keys) reply(request string) string { return k.prefix + "reply:" + request }

// timeline is the LIST of an incident's entries.
func (k keys) timeline(n incident.Number) string {
	return fmt.Sprintf("%stimeline:%d", k.prefix, int(n))
}
