// Package redis keeps everything of one workspace in Redis: the store of a
// Muster that runs as more than one replica.
//
// Each operation is one Lua script, so one atomic step and one round trip. All
// keys of a workspace share a hash tag and so live on one node of a cluster;
// keys.go is the only place that names them, and every script gets them as
// KEYS. An incident's own keys (its timeline, its parts) may have to be found
// by its channel first, so scripts get the beginnings of their names, which lie
// in the same slot. Scripts check before they write.
//
//	operation → script.go: EVALSHA on the workspace's node → verdict
//	               └ a lost reply: the same request again, which finds itself
//
// # Lanes
//
// Lanes that wait for the same stand in a line, a sorted set by urgency and turn, and
// the lines in a queue for each op, by their first lanes (scripts/lane.lua). Those that
// are leased, postponed or waiting for their destination are set aside by the moment at
// which that ends, so a look at the queues' first lines passes nothing that waits.
// Each look compares the server's run ID with the last one's: what was queued before
// it changed, after a restart or a failover, is in doubt.
//
// # What an error means
//
// [incident.ErrUnavailable] means that nothing was written. A reply that was
// lost leaves that open, so the request is sent again under the same request
// ID, and a script that has done it already answers as it did the first time.
// If no answer can be had before the context ends, the error is not
// ErrUnavailable, and the write may have happened. The client library's own
// retries are off: there is one retry layer.
//
// A commit carries its context's deadline, in the server's time, so that one
// which arrives after its caller has given up is refused. The server's time is
// known from its last reply: it was read before that reply arrived, so adding
// what has passed since can only be too early, and a commit is refused too soon
// (by at most one round trip) rather than written too late. Only a server's
// clock that is set back between two replies can defeat this.
//
// # Upgrades
//
// What an older Muster wrote is upgraded when the store is opened: see
// [upgrade]. Each schema has key names of its own but for meta, where every
// Muster finds the schema and refuses one that it does not know, and the keys of
// commits. So replicas may be replaced one by one: an older one that still runs
// answers that the store is not available, and writes nothing.
//
// # What can be lost
//
// What Redis acknowledges is as durable as its settings: [Open] looks at them
// and warns. With replicas, each commit also waits, on its own connection and
// in the same round trip, for one of them to have it (WAIT), for at most
// half a second; falling short of that is logged, and the commit stands.
package redis
