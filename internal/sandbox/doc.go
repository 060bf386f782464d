// Package sandbox is a strict local Slack workspace.
//
// It speaks Slack's Web API and Socket Mode over real HTTP and WebSocket, so
// that a bot connects to it exactly as it would to Slack, and it refuses what
// Slack refuses, with Slack's own error codes. Beside them the same listener
// serves a page for people at / and a control interface, all JSON, under
// /sandbox/v1/, with which the page and the tests type commands, click buttons,
// submit modals and move the workspace's clock.
//
//	bot ── /api/METHOD ──► gate (table of methods) ──► handler ─┐
//	bot ◄─ socket ◄────── hub (envelopes, acks) ◄── events ◄────┤ the workspace:
//	page, tests ── /sandbox/v1/… ──► what people do ────────────┘ one state, one lock
//
// The control interface takes and answers JSON. A user is an ID or a handle, a
// channel an ID or a name; a user in place of a channel means that person's
// direct message with the bot. What cannot be done gets a 4xx answer with
// "error" and a "detail" that says what would be right; what reached the bot and
// failed there gets "ok": false with the error that a person would see.
//
//	GET  state · messages?channel=&viewer= · traffic?after=&limit= · wait?after=&timeout= · clock
//	POST command {user, channel, command, text}
//	     click {user, channel, ts | view_id, values, action_id, block_id, value}
//	     submit {user, view_id, values} · close {user, view_id, all}
//	     message {user, channel, text, thread_ts} · reaction {user, channel, ts, name, remove} · pin {user, channel, ts, remove}
//	     shortcut {user, callback_id, channel, ts} · home {user}
//	     read {user, channel} · join {user, channel} · invite {by, user, channel}
//	     create {user, name, private} · archive {user, channel} · rename {user, channel, name}
//	     clock {advance}, a duration such as "30m", or "next" for what comes due next
//
// The clock says {now, next: {at, what}}; next is null where nothing comes due.
//
// Every change and every piece of traffic has a number of one sequence: "version"
// in an answer of state or wait, "n" in traffic. Who has seen N waits for more
// with wait?after=N. The "messages" of a piece of traffic say what Slack found
// wrong in particular, in its words.
//
// What Slack limits is limited here, by the workspace's clock: each method by its
// tier in any minute, and posts to one channel to one a second with five at once.
//
// Things go wrong on request:
//
//	POST   faults {kind, method | envelope, count, share, seed, retry_after, delay}
//	GET    faults
//	DELETE faults · faults/ID
//
// A fault strikes the next count things that it is meant for (one, unless told;
// 0 is until it is cleared), or a share of them, such as 0.2: the nth of one name
// (method, or type of envelope) is struck or not as the seed decides, whatever
// goes on beside it. It is listed, with how often it struck, until it is cleared, and what
// it does is in the traffic under its name. Delays are in real time.
//
//	rate_limited         a call (of method, or any) gets 429, with retry_after in seconds
//	http_500 · http_503  a call gets that status       } and nothing is done
//	not_json             a call gets a page of HTML    }
//	never                a call gets no answer, until the client gives up or the fault is cleared
//	late                 a call is done, and answered after the delay
//	drop_reply           a call is done, and its connection breaks
//	socket_cut           a socket breaks without a word
//	socket_silent        a socket stays open, but nothing goes through until the fault is cleared
//	socket_refresh       a socket is told "warning", and after the delay "refresh_requested"
//	socket_link_disabled a socket is told so, and closed
//	socket_refused       a socket does not open: 503
//	socket_too_many      a socket is told "too_many_websockets" in place of "hello"
//	envelope_twice       an envelope (of that type, or any) is sent two times
//	envelope_late        an envelope is sent after the delay
//	envelope_out_of_order  an envelope is sent after the next, at the latest after the delay
//
// The package knows nothing of the bot it serves, and imports none of this
// module's packages but its own sub-packages: blockkit checks layouts, page draws
// what people see, and sandboxtest drives a workspace from tests.
//
// Everything that people and bots see lives in [state] behind one mutex. A
// handler runs with that mutex held and never waits; what must wait (an
// acknowledgement, a long poll, the bot that the clock moves) waits outside it.
// Answers are written after the mutex is released, so what they refer to (blocks,
// metadata, members) is replaced as a whole when it changes, never written into.
package sandbox
