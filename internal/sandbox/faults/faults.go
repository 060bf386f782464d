package faults

import (
	"hash/fnv"
	"math/rand/v2"
	"slices"
	"strconv"
	"sync"
	"time"

	"muster/internal/sandbox/control"
)

// Target is what a fault applies to.
type Target string

// What faults apply to.
const (
	Calls     Target = "calls"     // of the Web API
	Sockets   Target = "sockets"   // those open now, then those that open later
	Openings  Target = "openings"  // of sockets
	Envelopes Target = "envelopes" // on their way to the bot
)

// The kinds of faults.
const (
	RateLimited        = "rate_limited"          // 429 with Retry-After; nothing is done
	HTTP500            = "http_500"              // nothing is done
	HTTP503            = "http_503"              // nothing is done
	NotJSON            = "not_json"              // 200 with a page of HTML; nothing is done
	NeverReplies       = "never"                 // until the client gives up, or the fault is cleared; nothing is done
	LateReply          = "late"                  // done at once, answered after the delay
	DropReply          = "drop_reply"            // done, and then the connection breaks
	DoneLate           = "done_late"             // the connection breaks, and after the delay it is done all the same
	SocketCut          = "socket_cut"            // the connection breaks without a word
	SocketSilent       = "socket_silent"         // open, but nothing goes through either way, until the fault is cleared
	SocketRefresh      = "socket_refresh"        // gets "warning", and after the delay "refresh_requested"
	SocketLinkDisabled = "socket_link_disabled"  // gets "link_disabled", and is closed
	SocketRefused      = "socket_refused"        // 503 in place of a WebSocket
	SocketTooMany      = "socket_too_many"       // gets "too_many_websockets" in place of "hello"
	EnvelopeTwice      = "envelope_twice"        // sent two times, under one envelope_id
	EnvelopeLate       = "envelope_late"         // sent after the delay
	EnvelopeOutOfOrder = "envelope_out_of_order" // sent after the next one, at the latest after the delay
)

// Kind is what a kind of fault applies to, and its usual figures; a figure
// that is 0 is one that the kind does not have.
type Kind struct {
	Kind        string
	Target      Target
	Description string        // what happens, for the page
	Delay       time.Duration // in real time, as networks know no other; of DoneLate by the workspace's clock
	RetryAfter  int           // seconds
}

// Kinds are in the order in which the page offers them.
var Kinds = []Kind{
	{Kind: RateLimited, Target: Calls, Description: "Calls fail with 429", RetryAfter: 30},
	{Kind: HTTP500, Target: Calls, Description: "Calls fail with 500"},
	{Kind: HTTP503, Target: Calls, Description: "Calls fail with 503"},
	{Kind: NotJSON, Target: Calls, Description: "Calls return an HTML page"},
	{Kind: NeverReplies, Target: Calls, Description: "Calls hang"},
	{Kind: LateReply, Target: Calls, Description: "Calls respond late", Delay: 3 * time.Second},
	{Kind: DropReply, Target: Calls, Description: "Calls succeed, but the reply is lost"},
	{Kind: DoneLate, Target: Calls, Description: "Calls break, and succeed later", Delay: 1500 * time.Millisecond},
	{Kind: SocketCut, Target: Sockets, Description: "The socket drops"},
	{Kind: SocketSilent, Target: Sockets, Description: "The socket goes silent"},
	{Kind: SocketRefresh, Target: Sockets, Description: "The socket must be refreshed", Delay: 10 * time.Second},
	{Kind: SocketLinkDisabled, Target: Sockets, Description: "Socket Mode is turned off"},
	{Kind: SocketRefused, Target: Openings, Description: "Sockets are refused"},
	{Kind: SocketTooMany, Target: Openings, Description: "There are too many sockets"},
	{Kind: EnvelopeTwice, Target: Envelopes, Description: "Envelopes arrive twice"},
	{Kind: EnvelopeLate, Target: Envelopes, Description: "Envelopes arrive late", Delay: time.Second},
	{Kind: EnvelopeOutOfOrder, Target: Envelopes, Description: "Envelopes arrive out of order", Delay: time.Second},
}

// KindByName has the kinds by their names.
var KindByName = func() map[string]Kind {
	all := make(map[string]Kind, len(Kinds))
	for _, k := range Kinds {
		all[k.Kind] = k
	}
	return all
}()

// Fault is one that was added. How often it has applied changes under the lock of
// its [Set], the rest never.
type Fault struct {
	control.Fault

	delay   time.Duration
	dice    map[string]*rand.Rand // by the name of what it could apply to
	cleared chan struct{}         // closed when the fault is cleared
}

// targets reports whether the fault is meant for something of that name.
func (x *Fault) targets(on Target, name string) bool {
	return KindByName[x.Kind].Target == on && (x.Method+x.Envelope == "" || x.Method+x.Envelope == name)
}

// draws decides whether the fault applies to what it could apply to. For the nth of
// one name it does or not whatever comes in between, as what is done at the same
// time comes in no certain order.
func (x *Fault) draws(name string) bool {
	if x.dice[name] == nil {
		h := fnv.New64a()
		_, _ = h.Write([]byte(name)) // never fails
		x.dice[name] = rand.New(rand.NewPCG(x.Seed, h.Sum64()))
	}
	drawn := x.dice[name].Float64() < x.Share
	return drawn && (x.Count == 0 || x.Applied < x.Count)
}

// Wait returns the fault's delay.
func (x *Fault) Wait() time.Duration { return x.delay }

// Cleared is closed when the fault is cleared.
func (x *Fault) Cleared() <-chan struct{} { return x.cleared }

// IsCleared reports whether the fault was cleared.
func (x *Fault) IsCleared() bool {
	select {
	case <-x.cleared:
		return true
	default:
		return false
	}
}

// Set is the faults, in the order in which they were added.
type Set struct {
	changed func() // is called when one has applied

	mu   sync.Mutex
	last int
	all  []*Fault
}

// New has no faults; changed is called when one has applied.
func New(changed func()) *Set { return &Set{changed: changed} }

// Add takes a fault and returns its ID.
func (f *Set) Add(x *Fault) string {
	x.dice = map[string]*rand.Rand{}
	x.cleared = make(chan struct{})
	f.mu.Lock()
	defer f.mu.Unlock()
	f.last++
	x.ID = "F" + strconv.Itoa(f.last)
	f.all = append(f.all, x)
	return x.ID
}

// Match counts and returns the fault that applies now, if one does: the first of
// those that drew it.
func (f *Set) Match(on Target, name string) *Fault {
	f.mu.Lock()
	defer f.mu.Unlock()
	var first *Fault
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

// Matches reports whether that one fault applies now, and counts it.
func (f *Set) Matches(x *Fault, name string) bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	if !x.draws(name) {
		return false
	}
	x.Applied++
	f.changed()
	return true
}

// List returns a copy of all faults, also of those that have applied often enough.
func (f *Set) List() []control.Fault {
	f.mu.Lock()
	defer f.mu.Unlock()
	all := make([]control.Fault, len(f.all))
	for i, x := range f.all {
		all[i] = x.Fault
	}
	return all
}

// Clear ends the fault of that ID, or with "" all of them, and counts them.
func (f *Set) Clear(id string) int {
	f.mu.Lock()
	defer f.mu.Unlock()
	before := len(f.all)
	f.all = slices.DeleteFunc(f.all, func(x *Fault) bool {
		if id != "" && x.ID != id {
			return false
		}
		close(x.cleared)
		return true
	})
	return before - len(f.all)
}
