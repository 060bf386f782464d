package page

import (
	"fmt"
	"strings"
)

// Status returns how a fault applies, and how often it has.
func (f Fault) Status() string {
	var all []string
	if f.Delay != "" {
		all = append(all, "delay "+f.Delay)
	}
	if f.RetryAfter > 0 {
		all = append(all, fmt.Sprintf("Retry-After %d s", f.RetryAfter))
	}
	if f.Share < 1 {
		all = append(all, fmt.Sprintf("%g %% share", f.Share*100))
	}
	if f.Count > 0 {
		all = append(all, fmt.Sprintf("applied %d of %s", f.Applied, count(f.Count, "time", "times")))
	} else {
		all = append(all, fmt.Sprintf("applied %s, until cleared", count(f.Applied, "time", "times")))
	}
	return strings.Join(all, ", ")
}

// Took returns how long a piece of traffic took.
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

// KindName returns the kind of traffic in words.
func (e Entry) KindName() string { return kindNames[e.Kind] }

// TrafficKinds returns what the traffic can be narrowed to.
func (*Page) TrafficKinds() []struct{ Kind, Words string } {
	return []struct{ Kind, Words string }{
		{"api", "Web API"}, {"envelope", "Envelopes"}, {"ack", "Acks"}, {"response", "Response URLs"}, {"socket", "Sockets"},
	}
}
