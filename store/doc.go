// Package store is the persistence port whole: what a driver offers, and what
// the drivers share. They are in store/sqlite (one process, one file) and
// store/redis (any number of replicas); store/storetest is the suite that both
// must pass, and store/upgrade converts what an older Muster has kept.
//
// Consumers don't use [Store]: each declares the few methods that it needs,
// and package bot hands them the driver.
//
//	incident.Service   Load, Find, Timeline, Commit
//	scheduler          ClaimDue, Settle, ClaimSlot, LastSlot, Commit
//	outbox             Take, Release, Pop
//	bot                Next, Ping, Close
//
// An incident is kept as values of their own, so that no commit costs more for
// what happened before: its head, a summary, its timeline's entries, and parts.
//
//	Load      head, and what is wanted beside it   (by number, channel or key)
//	Find      summaries                            (open ones, all, changed ones)
//	Timeline  entries
//
// A commit is one atomic step, of changes of several incidents if need be, and
// its checks, of all changes, come before its first write:
//
//	key known?       ErrRepeated
//	next versions?   ErrStale
//	slot later?      ErrRepeated (if it claims one)
//	claim held?      ErrLost     (if a timer fired)
//	lease held?      ErrLost     (if a notice was sent)
//	then             each change's head, summary, entries, parts, timers; notices;
//	                 slot and claim settled, notice popped
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
// Of the lanes that are ready, Take leases the head of the most urgent one, and among
// equals of the one whose head has been the head for longest, so that lanes take turns.
// What keeps a lane waiting is its head's alone: the pace of its op over the workspace,
// or for a post also that of its destination. Lanes that wait for the same stand in one
// line, in that order, and a look sees only the first of each line: its cost doesn't
// grow with what waits. What is urgent may use all that an op has left in a minute;
// the rest comes evenly.
//
// What a store finds waiting that may be older than its last start, or than a change
// of servers, is in doubt since [notice.LongAgo]: it may have been sent, and the record
// of that been lost.
//
// [Copy] moves everything from one driver to the other.
package store
