// Package control describes the control interface of a sandbox: the types of its
// requests and answers, and its client. Package server, below it, serves it.
//
// The control interface takes and answers JSON under /sandbox/v1/. It only grows:
// what exists keeps its form. A user is an ID or a handle, a channel an ID or a
// name; a user in place of a channel means that person's direct message with the
// bot. What cannot be done gets a 4xx answer with "error" and a "detail" that says
// what would be right; what reached the bot and failed there gets "ok": false with
// the error that a person would see.
//
//	GET  state · messages?channel=&viewer= · traffic?after=&limit= · wait?after=&timeout= · clock · faults
//	POST command {user, channel, command, text}
//	     click {user, channel, ts | view_id, values, action_id, block_id, value}
//	     submit {user, view_id, values} · close {user, view_id, all}
//	     message {user, channel, text, thread_ts} · reaction {user, channel, ts, name, remove} · pin {user, channel, ts, remove}
//	     shortcut {user, callback_id, channel, ts} · home {user}
//	     read {user, channel} · join {user, channel} · invite {by, user, channel}
//	     user {name, real_name, account} · envelope {type, payload}
//	     create {user, name, private} · archive {user, channel} · unarchive {user, channel}
//	     rename {user, channel, name}
//	     clock {advance}, a duration such as "30m", or "next" for what is due next
//	     faults {kind, method | envelope, count, share, seed, retry_after, delay}
//	DELETE faults · faults/ID
//
// The clock says {now, next: {at, what}}; next is null where nothing is due. What
// the kinds of faults do is in the documentation of package faults. A fault is
// listed, with how often it applied ("struck"), until it is cleared, and what it
// does is in the traffic under its kind.
//
// Every change and every piece of traffic has a number of one sequence: "version"
// in an answer of state or wait, "n" in traffic. Who has seen N waits for more
// with wait?after=N. The "messages" of a piece of traffic say what Slack found
// wrong in particular, in its words.
package control
