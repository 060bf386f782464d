package page

import (
	"fmt"
)

// traffic.go: what passed between the workspace and its clients, and what is set
// to go wrong there.

// Striking is how often a fault struck, and still will.
func (f Fault) Striking() string {
	often := fmt.Sprintf("struck %d of %d", f.Struck, f.Count)
	if f.Count == 0 {
		often = fmt.Sprintf("struck %s, until it is cleared", count(f.Struck, "time", "times"))
	}
	if f.Share < 1 {
		return fmt.Sprintf("strikes %.0f of 100, %s", f.Share*100, often)
	}
	return often
}

// Took is how long a piece of traffic took.
func (e Entry) Took() string {
	switch {
	case e.MS == 0:
		return ""
	case e.MS >= 100:
		return fmt.Sprintf("%.0f ms", e.MS)
	}
	return fmt.Sprintf("%.1f ms", e.MS)
}

var kindNames = map[string]string{
	"api": "Web API", "envelope": "envelope", "ack": "ack", "response": "response URL", "socket": "socket",
}

// KindName is the kind of traffic in words.
func (e Entry) KindName() string { return kindNames[e.Kind] }

// TrafficKinds are what the traffic can be narrowed to.
func (*Page) TrafficKinds() []Kind {
	return []Kind{
		{"api", "Web API"}, {"envelope", "Envelopes"}, {"ack", "Acks"}, {"response", "Response URLs"}, {"socket", "Sockets"},
	}
}
