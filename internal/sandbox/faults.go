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

// target is what a fault strikes.
type target string

const (
	targetCalls     target = "calls"     // of the Web API
	targetSockets   target = "sockets"   // those open now, then those that open later
	targetOpenings  target = "openings"  // of sockets
	targetEnvelopes target = "envelopes" // on their way to the bot
)

// The kinds of faults.
const (
	rateLimited        = "rate_limited"          // 429 with Retry-After; nothing is done
	http500            = "http_500"              // nothing is done
	http503            = "http_503"              // nothing is done
	notJSON            = "not_json"              // 200 with a page of HTML; nothing is done
	neverReplies       = "never"                 // until the client gives up, or the fault is cleared; nothing is done
	lateReply          = "late"                  // done at once, answered after the delay
	dropReply          = "drop_reply"            // done, and then the connection breaks
	socketCut          = "socket_cut"            // the connection breaks without a word
	socketSilent       = "socket_silent"         // open, but nothing goes through either way, until the fault is cleared
	socketRefresh      = "socket_refresh"        // told "warning", and after the delay "refresh_requested"
	socketLinkDisabled = "socket_link_disabled"  // told so, and closed
	socketRefused      = "socket_refused"        // 503 in place of a WebSocket
	socketTooMany      = "socket_too_many"       // told "too_many_websockets" in place of "hello"
	envelopeTwice      = "envelope_twice"        // sent two times, under one envelope_id
	envelopeLate       = "envelope_late"         // sent after the delay
	envelopeOutOfOrder = "envelope_out_of_order" // sent after the next one, at the latest after the delay
)

// faultKind is what a kind of fault strikes, and its usual figures; a figure
// that is 0 is one that the kind does not have.
type faultKind struct {
	kind        string
	target      target
	description string        // what happens, for the page
	delay       time.Duration // in real time, as networks know no other
	retryAfter  int           // seconds
}

// faultKinds are in the order in which the page offers them.
var faultKinds = []faultKind{
	{kind: rateLimited, target: targetCalls, description: "Calls fail with 429", retryAfter: 30},
	{kind: http500, target: targetCalls, description: "Calls fail with 500"},
	{kind: http503, target: targetCalls, description: "Calls fail with 503"},
	{kind: notJSON, target: targetCalls, description: "Calls return an HTML page"},
	{kind: neverReplies, target: targetCalls, description: "Calls hang"},
	{kind: lateReply, target: targetCalls, description: "Calls respond late", delay: 3 * time.Second},
	{kind: dropReply, target: targetCalls, description: "Calls succeed, but the reply is lost"},
	{kind: socketCut, target: targetSockets, description: "The socket drops"},
	{kind: socketSilent, target: targetSockets, description: "The socket goes silent"},
	{kind: socketRefresh, target: targetSockets, description: "The socket must be refreshed", delay: 10 * time.Second},
	{kind: socketLinkDisabled, target: targetSockets, description: "Socket Mode is turned off"},
	{kind: socketRefused, target: targetOpenings, description: "Sockets are refused"},
	{kind: socketTooMany, target: targetOpenings, description: "There are too many sockets"},
	{kind: envelopeTwice, target: targetEnvelopes, description: "Envelopes arrive twice"},
	{kind: envelopeLate, target: targetEnvelopes, description: "Envelopes arrive late", delay: time.Second},
	{kind: envelopeOutOfOrder, target: targetEnvelopes, description: "Envelopes arrive out of order", delay: time.Second},
}

var faultKindByName = func() map[string]faultKind {
	all := make(map[string]faultKind, len(faultKinds))
	for _, k := range faultKinds {
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
	Applied    int     `json:"struck"`

	delay   time.Duration
	dice    map[string]*rand.Rand // by the name of what it meets
	cleared chan struct{}         // closed when the fault is cleared
}

// targets reports whether the fault is meant for something of that name.
func (x *fault) targets(on target, name string) bool {
	return faultKindByName[x.Kind].target == on && (x.Method+x.Envelope == "" || x.Method+x.Envelope == name)
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
	return drawn && (x.Count == 0 || x.Applied < x.Count)
}

func (x *fault) isCleared() bool {
	select {
	case <-x.cleared:
		return true
	default:
		return false
	}
}

// faultSet holds the orders, in the order in which they came.
type faultSet struct {
	changed func() // is called when one has struck

	mu   sync.Mutex
	last int
	all  []*fault
}

// newFaultSet has no faults; changed is called when one has applied.
func newFaultSet(changed func()) *faultSet { return &faultSet{changed: changed} }

// add takes a fault and returns its ID.
func (f *faultSet) add(x *fault) string {
	x.dice = map[string]*rand.Rand{}
	x.cleared = make(chan struct{})
	f.mu.Lock()
	defer f.mu.Unlock()
	f.last++
	x.ID = "F" + strconv.Itoa(f.last)
	f.all = append(f.all, x)
	return x.ID
}

// take counts and returns the fault that strikes now, if one does: the first of
// those that drew it.
func (f *faultSet) take(on target, name string) *fault {
	f.mu.Lock()
	defer f.mu.Unlock()
	var first *fault
	for _, x := range f.all {
		if x.targets(on, name) && x.draws(name) && first == nil {
			first = x
		}
	}
	if first != nil {
		first.Applied++
		f.changed()
	}
	return first
}

// takes reports whether that one fault strikes now, and counts it.
func (f *faultSet) takes(x *fault, name string) bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	if !x.draws(name) {
		return false
	}
	x.Applied++
	f.changed()
	return true
}

// list returns a copy of all orders, also of those that have struck often enough.
func (f *faultSet) list() []fault {
	f.mu.Lock()
	defer f.mu.Unlock()
	all := make([]fault, len(f.all))
	for i, x := range f.all {
		all[i] = *x
	}
	return all
}

// clear ends the order with that ID, or with "" all of them, and counts them.
func (f *faultSet) clear(id string) int {
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
