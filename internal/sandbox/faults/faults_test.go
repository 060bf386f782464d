package faults

import (
	"fmt"
	"strings"
	"testing"

	"muster/internal/sandbox/control"
)

// The same seed strikes the same of each name, in whatever order they come, and
// whatever else strikes.
func TestFault_SameSeed_AppliesToTheSameCalls(t *testing.T) {
	share := func(seed uint64) *Fault { return &Fault{Fault: control.Fault{Kind: HTTP503, Share: 0.3, Seed: seed}} }
	patterns := func(names []string, all ...*Fault) map[*Fault]map[string]string {
		f := New(func() {})
		for _, x := range all {
			f.Add(x)
		}
		got := map[*Fault]map[string]string{}
		for _, x := range all {
			got[x] = map[string]string{}
		}
		for _, name := range names {
			applied := f.Match(Calls, name)
			for _, x := range all {
				sign := "."
				if x == applied {
					sign = "x"
				}
				got[x][name] += sign
			}
		}
		return got
	}
	const each = 60
	var mixed, apart []string
	for n := range 2 * each {
		mixed = append(mixed, []string{"a", "b"}[n%2])
		apart = append(apart, []string{"a", "b"}[n/each])
	}
	x, y, other := share(1), share(1), share(2)
	one, two := patterns(mixed, x)[x], patterns(apart, y)[y]
	if fmt.Sprint(one) != fmt.Sprint(two) || one["a"] == one["b"] {
		t.Errorf("one seed gives\n%v\n%v", one, two)
	}
	if three := patterns(apart, other)[other]; three["a"] == one["a"] {
		t.Errorf("two seeds give %v", three)
	}
	if n := strings.Count(one["a"], "x"); n < each/6 || n > each/2 {
		t.Errorf("0.3 of %d were %d", each, n)
	}
	first, second := share(2), share(1)
	both := patterns(apart, first, second)
	for n, applied := range one["a"] {
		behind := both[first]["a"][n] == 'x'
		if got := both[second]["a"][n] == 'x'; got != (applied == 'x' && !behind) {
			t.Fatalf("behind another, the second strikes\n%s, alone\n%s, and the first\n%s", both[second]["a"], one["a"], both[first]["a"])
		}
	}
	// What a fault does not meet moves it no further.
	narrow := &Fault{Fault: control.Fault{Kind: HTTP503, Method: "a", Share: 0.3, Seed: 1}}
	if got := patterns(mixed, narrow)[narrow]; got["a"] != one["a"] || strings.Contains(got["b"], "x") {
		t.Errorf("narrowed to a it strikes %v", got)
	}
}

func TestFault_FiguresLeftOut_HaveDefaults(t *testing.T) {
	for kind, want := range map[string]string{
		RateLimited: "30 0s", LateReply: "0 3s", DoneLate: "0 1.5s", SocketRefresh: "0 10s", EnvelopeLate: "0 1s", EnvelopeOutOfOrder: "0 1s", HTTP500: "0 0s",
	} {
		x, err := Parse(control.FaultRequest{Kind: kind}, nil)
		if err != nil {
			t.Fatal(err)
		}
		if got := fmt.Sprint(x.RetryAfter, x.delay); got != want || x.Count != 1 || x.Share != 1 {
			t.Errorf("%s: %s, %d times, share %v; want %s", kind, got, x.Count, x.Share, want)
		}
	}
}
