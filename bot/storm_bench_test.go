package bot_test

import (
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"muster/internal/sandbox/sandboxtest"
)

// storm is incidents that are declared within ten seconds, some of them P0. Its
// moments are of the workspace's clock, and so of Slack's limits.
type storm struct {
	*world
	incidents, urgent int

	began    time.Time
	seen     int64             // the last of the traffic that was read
	progress map[int]*progress // by the incident's number
}

// progress is when an incident came to what it should; zero: not yet.
type progress struct {
	declared                   time.Time
	invited                    map[string]bool // or paged directly
	called, card, announcement time.Time
}

// stormFigures are how long it took until the last P0's people were called, until
// the last P0 was announced, and until all incidents had come to all they should.
type stormFigures struct{ people, announcement, over time.Duration }

// stormPatience is how long a storm may last.
const stormPatience = 20 * time.Minute

// BenchmarkStorm measures, in seconds of Slack's time, how long the most urgent wait
// among many.
func BenchmarkStorm(b *testing.B) {
	for _, urgent := range []int{1, 20} {
		for _, store := range benchStores {
			b.Run(fmt.Sprintf("%d P0 of 200/%s", urgent, store.name), func(b *testing.B) {
				var f stormFigures
				for b.Loop() {
					f = newWorld(b, store.url(b)).storm(200, urgent)
				}
				b.ReportMetric(f.people.Seconds(), "s-people")
				b.ReportMetric(f.announcement.Seconds(), "s-announced")
				b.ReportMetric(f.over.Seconds(), "s-over")
			})
		}
	}
}

func TestStorm_P0sAmongMany_GoFirst(t *testing.T) {
	onEachStore(t, func(t *testing.T, store string) {
		f := newWorld(t, store).storm(60, 6)
		if f.people > 10*time.Second {
			t.Errorf("the P0s' people were called after %s", f.people)
		}
		if f.announcement > 15*time.Second {
			t.Errorf("the P0s were announced after %s", f.announcement)
		}
		if f.over > 660*time.Second {
			t.Errorf("it was over after %s", f.over)
		}
	})
}

// storm declares incidents and waits until the last has come to all it should.
func (w *world) storm(incidents, urgent int) stormFigures {
	w.t.Helper()
	s := &storm{world: w, incidents: incidents, urgent: urgent, began: w.Now(), progress: map[int]*progress{}}
	var people []string
	for _, u := range w.State().Users {
		if !u.IsBot {
			people = append(people, u.ID)
		}
	}
	for n := 1; n <= incidents; n++ {
		s.progress[n] = &progress{declared: w.Now(), invited: map[string]bool{}}
		severity := "P3"
		if s.isUrgent(n) {
			severity = "P0"
		}
		w.Command(people[n%len(people)], "#general", "/incident declare "+severity+" Storm")
		next := s.began.Add(time.Duration(n) * 10 * time.Second / time.Duration(incidents))
		w.Advance(max(next.Sub(w.Now()), time.Millisecond))
	}
	for s.read(); !s.isOver(); s.read() {
		if w.Now().Sub(s.began) > stormPatience {
			w.t.Fatalf("it isn't over after %s", stormPatience)
		}
		w.Advance(10 * time.Second)
	}
	return s.figures()
}

// isUrgent reports whether an incident is a P0. They come evenly; one alone comes in
// the middle.
func (s *storm) isUrgent(number int) bool {
	every := s.incidents / s.urgent
	return number%every == every/2
}

// read takes note of what has arrived in the workspace since the last time.
func (s *storm) read() {
	s.t.Helper()
	p := stormPlaces{numbers: map[string]int{}, direct: map[string]string{}}
	state := s.State()
	for _, c := range state.Channels {
		var n int
		if _, err := fmt.Sscanf(c.Name, "inc-%d", &n); err == nil {
			p.numbers[c.ID] = n
		}
		p.direct[c.ID] = c.IM
	}
	for _, g := range state.Groups {
		switch g.Handle {
		case "oncall-l1":
			p.l1 = g.Users
		case "leads-l2":
			p.l2 = g.Users
		}
	}
	for _, e := range s.Traffic(s.seen) {
		s.seen = e.N
		if e.OK && e.Kind == "api" {
			s.note(e, p)
		}
	}
}

// stormPlaces is who and what is behind the workspace's IDs.
type stormPlaces struct {
	numbers map[string]int    // the incident, by its channel
	direct  map[string]string // the person, by their direct messages
	l1, l2  []string
}

// stormKey finds the incident that a message tells of.
var stormKey = regexp.MustCompile(`key\W+INC-(\d+)\.`)

// note takes note of one call.
func (s *storm) note(e sandboxtest.Entry, at stormPlaces) {
	var call struct{ Channel, Users string }
	_ = json.Unmarshal(e.Detail, &call) // other methods have other arguments
	number := at.numbers[call.Channel]
	if found := stormKey.FindSubmatch(e.Detail); found != nil {
		number, _ = strconv.Atoi(string(found[1]))
	}
	p := s.progress[number]
	if p == nil {
		return
	}
	switch {
	case e.Name == "conversations.invite":
		for u := range strings.SplitSeq(call.Users, ",") {
			p.invited[u] = true
		}
	case e.Name != "chat.postMessage":
	case at.direct[call.Channel] != "":
		p.invited[at.direct[call.Channel]] = true
	case at.numbers[call.Channel] == 0:
		p.announcement = e.At
	case p.card.IsZero():
		p.card = e.At
	}
	people := at.l1
	if s.isUrgent(number) {
		people = slices.Concat(at.l1, at.l2)
	}
	missing := slices.ContainsFunc(people, func(u string) bool { return !p.invited[u] })
	if !missing && p.called.IsZero() {
		p.called = e.At
	}
}

// isOver reports whether every incident has its channel, its card, its people and
// its announcement.
func (s *storm) isOver() bool {
	for _, p := range s.progress {
		if p.called.IsZero() || p.card.IsZero() || p.announcement.IsZero() {
			return false
		}
	}
	return true
}

// figures is of a storm that is over. A P0's time runs from its declaration.
func (s *storm) figures() stormFigures {
	var f stormFigures
	for n, p := range s.progress {
		f.over = max(f.over, p.called.Sub(s.began), p.card.Sub(s.began), p.announcement.Sub(s.began))
		if s.isUrgent(n) {
			f.people = max(f.people, p.called.Sub(p.declared))
			f.announcement = max(f.announcement, p.announcement.Sub(p.declared))
		}
	}
	return f
}
