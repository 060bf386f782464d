package sandbox

import (
	"hash/fnv"
	"math/rand/v2"
	"slices"
	"strconv"
	"sync"
	"time"
)

// faults.go: what goes wrong on request, and how often.

// family is what a fault strikes.
type family string

const (
	onCalls     family = "calls"     // of the Web API
	onSockets   family = "sockets"   // those open now, then those that open later
	onOpenings  family = "openings"  // of sockets
	onEnvelopes family = "envelopes" // on their way to the bot
)

// The kinds of faults.
const (
	rateLimited  = "rate_limited"          // 429 with Retry-After; nothing is done
	http500      = "http_500"              // nothing is done
	http503      = "http_503"              // nothing is done
	notJSON      = "not_json"              // 200 with a page of HTML; nothing is done
	neverReplies = "never"                 // until the client gives up, or the fault is cleared; nothing is done
	lateReply    = "late"                  // done at once, answered after the delay
	dropReply    = "drop_reply"            // done, and then the connection breaks
	cut          = "socket_cut"            // the connection breaks without a word
	silent       = "socket_silent"         // open, but nothing goes through either way, until the fault is cleared
	refresh      = "socket_refresh"        // told "warning", and after the delay "refresh_requested"
	linkDisabled = "socket_link_disabled"  // told so, and closed
	refused      = "socket_refused"        // 503 in place of a WebSocket
	tooMany      = "socket_too_many"       // told "too_many_websockets" in place of "hello"
	twice        = "envelope_twice"        // sent two times, under one envelope_id
	lateEnvelope = "envelope_late"         // sent after the delay
	outOfOrder   = "envelope_out_of_order" // sent after the next one, at the latest after the delay
)

// kindOfFault is what a kind of fault strikes, and its usual figures; a figure
// that is 0 is one that the kind does not have.
type kindOfFault struct {
	kind       string
	on         family
	words      string        // what happens, for the page
	delay      time.Duration // in real time, as networks know no other
	retryAfter int           // seconds
}

// kindsOfFaults are in the order in which the page offers them.
var kindsOfFaults = []kindOfFault{
	{kind: rateLimited, on: onCalls, words: "Calls get 429", retryAfter: 30},
	{kind: http500, on: onCalls, words: "Calls get 500"},
	{kind: http503, on: onCalls, words: "Calls get 503"},
	{kind: notJSON, on: onCalls, words: "Calls get a page of HTML"},
	{kind: neverReplies, on: onCalls, words: "Calls get no answer"},
	{kind: lateReply, on: onCalls, words: "Calls are answered late", delay: 3 * time.Second},
	{kind: dropReply, on: onCalls, words: "Calls are done, and the answer is lost"},
	{kind: cut, on: onSockets, words: "The socket breaks"},
	{kind: silent, on: onSockets, words: "The socket falls silent"},
	{kind: refresh, on: onSockets, words: "The socket is to be refreshed", delay: warnBefore},
	{kind: linkDisabled, on: onSockets, words: "Socket Mode is switched off"},
	{kind: refused, on: onOpenings, words: "No socket opens"},
	{kind: tooMany, on: onOpenings, words: "There are too many sockets"},
	{kind: twice, on: onEnvelopes, words: "Envelopes come two times"},
	{kind: lateEnvelope, on: onEnvelopes, words: "Envelopes come late", delay: time.Second},
	{kind: outOfOrder, on: onEnvelopes, words: "Envelopes come out of order", delay: time.Second},
}

var faultKinds = func() map[string]kindOfFault {
	all := make(map[string]kindOfFault, len(kindsOfFaults))
	for _, k := range kindsOfFaults {
		all[k.kind] = k
	}
	return all
}()

// fault is one order for trouble. Struck changes under the lock of [faults], the
// rest never.
type fault struct {
	ID         string  `json:"id"`
	Kind       string  `json:"kind"`
	Method     string  `json:"method,omitempty"`   // of calls; "" = every method
	Envelope   string  `json:"envelope,omitempty"` // of envelopes; "" = every type
	Count      int     `json:"count"`              // strikes at most; 0 = until cleared
	Share      float64 `json:"share"`              // of what it could strike
	Seed       uint64  `json:"seed"`               // decides which ones the share takes
	RetryAfter int     `json:"retry_after,omitempty"`
	Delay      string  `json:"delay,omitempty"`
	Struck     int     `json:"struck"`

	delay   time.Duration
	dice    map[string]*rand.Rand // by the name of what it meets
	cleared chan struct{}         // closed when the fault is cleared
}

// meets tells whether the fault is meant for something of that name.
func (x *fault) meets(on family, name string) bool {
	return faultKinds[x.Kind].on == on && (x.Method+x.Envelope == "" || x.Method+x.Envelope == name)
}

// draws decides whether the fault strikes what it meets. The nth of one name is
// struck or not whatever comes in between, as what is done at the same time comes
// in no certain order.
func (x *fault) draws(name string) bool {
	if x.dice[name] == nil {
		h := fnv.New64a()
		_, _ = h.Write([]byte(name)) // never fails
		x.dice[name] = rand.New(rand.NewPCG(x.Seed, h.Sum64()))
	}
	drawn := x.dice[name].Float64() < x.Share
	return drawn && (x.Count == 0 || x.Struck < x.Count)
}

func (x *fault) over() bool {
	select {
	case <-x.cleared:
		return true
	default:
		return false
	}
}

// faults holds the orders, in the order in which they came.
type faults struct {
	changed func() // is called when one has struck

	mu   sync.Mutex
	last int
	all  []*fault
}

// add takes an order and gives its ID.
func (f *faults) add(x *fault) string {
	x.dice = map[string]*rand.Rand{}
	x.cleared = make(chan struct{})
	f.mu.Lock()
	defer f.mu.Unlock()
	f.last++
	x.ID = "F" + strconv.Itoa(f.last)
	f.all = append(f.all, x)
	return x.ID
}

// strike counts and returns the fault that strikes now, if one does: the first of
// those that drew it.
func (f *faults) strike(on family, name string) *fault {
	f.mu.Lock()
	defer f.mu.Unlock()
	var first *fault
	for _, x := range f.all {
		if x.meets(on, name) && x.draws(name) && first == nil {
			first = x
		}
	}
	if first != nil {
		first.Struck++
		f.changed()
	}
	return first
}

// strikes tells whether that one fault strikes now, and counts it.
func (f *faults) strikes(x *fault, name string) bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	if !x.draws(name) {
		return false
	}
	x.Struck++
	f.changed()
	return true
}

// list is a copy of all orders, also of those that have struck often enough.
func (f *faults) list() []fault {
	f.mu.Lock()
	defer f.mu.Unlock()
	all := make([]fault, len(f.all))
	for i, x := range f.all {
		all[i] = *x
	}
	return all
}

// clear ends the order with that ID, or with "" all of them, and counts them.
func (f *faults) clear(id string) int {
	f.mu.Lock()
	defer f.mu.Unlock()
	before := len(f.all)
	f.all = slices.DeleteFunc(f.all, func(x *fault) bool {
		if id != "" && x.ID != id {
			return false
		}
		close(x.cleared)
		return true
	})
	return before - len(f.all)
}
