// Package faults decides what goes wrong on request, and how often.
//
//	request ─ Parse ─► Fault ─ Add ─► Set ─ Match(target, name) ─► the fault that applies now
//
// Webapi and socketmode ask it about each call, socket and envelope, and do what
// the fault's kind says. A fault applies to the next count things it is meant for
// (one by default; 0 is until it is cleared), or to a share of them: the nth of one
// name (method, or type of envelope) is hit or not as the seed decides, whatever
// else is going on. Delays are in real time, but for done_late: what a workspace has
// yet to do, it does by its own clock, which can be moved.
//
//	rate_limited         a call gets 429, with retry_after in seconds
//	http_500 · http_503  a call gets that status       } and nothing is done
//	not_json             a call gets an HTML page      }
//	never                a call gets no answer, until the client gives up or the fault is cleared
//	late                 a call is done, and answered after the delay
//	drop_reply           a call is done, and its connection breaks
//	done_late            a call's connection breaks, and after the delay the call is done
//	socket_cut           a socket breaks without a word
//	socket_silent        a socket stays open, but nothing gets through until the fault is cleared
//	socket_refresh       a socket gets "warning", and after the delay "refresh_requested"
//	socket_link_disabled a socket gets "link_disabled", and is closed
//	socket_refused       a socket does not open: 503
//	socket_too_many      a socket gets "too_many_websockets" in place of "hello"
//	envelope_twice       an envelope is sent two times
//	envelope_late        an envelope is sent after the delay
//	envelope_out_of_order  an envelope is sent after the next, at the latest after the delay
package faults
