package faults

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"muster/internal/sandbox/control"
)

// Parse makes a fault of a request, or says what would be right.
func Parse(o control.FaultRequest, methods []string) (*Fault, error) {
	kind, known := KindByName[o.Kind]
	if !known {
		return nil, fmt.Errorf("unknown kind %q; use one of %s", o.Kind, names(KindByName))
	}
	x := &Fault{delay: kind.Delay, Fault: control.Fault{
		Kind: o.Kind, Method: o.Method, Envelope: o.Envelope, Seed: o.Seed, Share: 1, RetryAfter: kind.RetryAfter,
	}}
	if err := checkTarget(x, kind.Target, methods); err != nil {
		return nil, err
	}
	switch {
	case o.RetryAfter == nil:
	case kind.RetryAfter == 0:
		return nil, fmt.Errorf("only %s has a retry_after, not %s", RateLimited, o.Kind)
	case *o.RetryAfter < 1:
		return nil, fmt.Errorf("retry_after must be a number of seconds from 1, not %d", *o.RetryAfter)
	default:
		x.RetryAfter = *o.RetryAfter
	}
	if o.Delay != "" {
		d, err := time.ParseDuration(o.Delay)
		switch {
		case kind.Delay == 0:
			return nil, fmt.Errorf("%s has no delay", o.Kind)
		case err != nil || d <= 0:
			return nil, fmt.Errorf("delay must be a positive duration such as \"2s\", not %q", o.Delay)
		}
		x.delay = d
	}
	if x.delay > 0 {
		x.Delay = x.delay.String()
	}
	return x, parseCount(x, o)
}

// checkTarget checks what the fault is meant for.
func checkTarget(x *Fault, on Target, methods []string) error {
	switch {
	case x.Method != "" && on != Calls:
		return fmt.Errorf("%s applies to %s; only faults of calls have a method", x.Kind, on)
	case x.Method != "" && !slices.Contains(methods, x.Method):
		return fmt.Errorf("unknown method %q; use one of %s", x.Method, strings.Join(methods, ", "))
	case x.Envelope != "" && on != Envelopes:
		return fmt.Errorf("%s applies to %s; only faults of envelopes have an envelope", x.Kind, on)
	case x.Envelope != "" && !slices.Contains(envelopeTypes, x.Envelope):
		return fmt.Errorf("unknown envelope %q; use one of %s", x.Envelope, strings.Join(envelopeTypes, ", "))
	}
	return nil
}

var envelopeTypes = []string{"events_api", "interactive", "slash_commands"}

// parseCount decides how often the fault applies: once, unless the request says otherwise.
func parseCount(x *Fault, o control.FaultRequest) error {
	switch {
	case o.Share == nil:
		x.Count = 1
	case *o.Share <= 0 || *o.Share > 1:
		return fmt.Errorf("share must be more than 0 and at most 1, not %v", *o.Share)
	default:
		x.Share = *o.Share
	}
	switch {
	case o.Count == nil:
	case *o.Count < 0:
		return fmt.Errorf("count must be how often the fault applies, or 0 for \"until cleared\", not %d", *o.Count)
	default:
		x.Count = *o.Count
	}
	return nil
}

func names[T any](table map[string]T) string {
	return strings.Join(slices.Sorted(maps.Keys(table)), ", ")
}
