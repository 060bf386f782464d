// Package store is the persistence port whole: what a driver offers, and what
// the drivers share. They are in store/sqlite (one process, one file) and
// store/redis (any number of replicas); store/storetest is the suite that both
// must pass.
//
// Consumers don't use [Store]: each declares the few methods that it needs,
// and package bot hands them the driver.
//
//	incident.Service   Load, Find, Timeline, Commit
//	scheduler          ClaimDue, Settle, ClaimSlot
//	outbox             Take, Release, Pop
//	bot                Next, Ping, Close
//
// A commit is one atomic step, and its checks come before its first write:
//
//	key known?      ErrRepeated
//	next version?   ErrStale
//	claim held?     ErrLost    (if a timer fired)
//	lease held?     ErrLost    (if a notice was sent)
//	then            incident, timeline, timers, notices; claim settled, notice popped
//
// Timers and lanes need nobody who recovers them. Whoever holds one has it for
// a while; a fence, which only ever rises, tells the last holder from those
// before.
//
//	timer:  due ─ClaimDue→ claimed ─Settle, Commit→ gone
//	         ↑──── its end ────┘
//	lane:   ready ─Take→ leased ─Pop, Commit→ ready, or gone when it is empty
//	         ↑──── Release ────┤
//	         ↑── its end: in doubt
//
// [Copy] moves everything from one driver to the other.
package store
