package bot_test

import (
	"fmt"
	"path/filepath"
	"slices"
	"sync"
	"testing"
	"time"

	"muster/store/redis/redistest"
)

// benchStores are what benchmarks measure side by side.
var benchStores = []struct {
	name string
	url  func(b *testing.B) string
}{
	{"sqlite", func(b *testing.B) string { return "sqlite:" + filepath.Join(b.TempDir(), "muster.db") }},
	{"redis", func(b *testing.B) string { return redistest.Start(b) }},
}

// BenchmarkAck measures a slash command end to end: typed in the workspace,
// over the socket, committed, acknowledged. 300 a second come in, whether or
// not the ones before have been answered.
func BenchmarkAck(b *testing.B) {
	for _, s := range benchStores {
		b.Run(s.name, func(b *testing.B) {
			w := newWorld(b, s.url(b))
			const incidents, rate, seconds = 30, 300, 10
			for n := range incidents {
				w.Command(oncall, "#general", fmt.Sprintf("/incident declare P3 Load %d", n+1))
			}
			for b.Loop() {
				w.load(b, incidents, rate, seconds)
			}
		})
	}
}

// load types rate updates a second and reports how long they took to be
// acknowledged.
func (w *world) load(b *testing.B, incidents, rate, seconds int) {
	var mu sync.Mutex
	var took []float64
	var typing sync.WaitGroup
	ticker := time.NewTicker(time.Second / time.Duration(rate))
	defer ticker.Stop()
	for n := range rate * seconds {
		<-ticker.C
		typing.Go(func() {
			answer, err := w.TryCommand(oncall, "#general", fmt.Sprintf("/incident update INC-%d news %d", n%incidents+1, n))
			if err != nil {
				b.Error(err)
				return
			}
			mu.Lock()
			defer mu.Unlock()
			took = append(took, answer.MS)
		})
	}
	typing.Wait()
	slices.Sort(took)
	if len(took) == 0 {
		b.Fatal("nothing was acknowledged")
	}
	b.ReportMetric(took[len(took)/2], "ms-p50")
	b.ReportMetric(took[len(took)*99/100], "ms-p99")
	b.ReportMetric(took[len(took)-1], "ms-max")
	b.ReportMetric(float64(len(took)), "acks")
}
