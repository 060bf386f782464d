package outbox_test

import (
	"slices"
	"testing"
	"time"

	"go.uber.org/zap"
	"go.uber.org/zap/zapcore"
	"go.uber.org/zap/zaptest/observer"

	"muster/internal/notice"
	"muster/internal/outbox"
)

// world is a dispatcher between a store, a subject and a sender. Its tests run
// in a synctest bubble, so time passes only while everybody waits.
type world struct {
	t       *testing.T
	store   *lanes
	subject *subject
	sender  *sender
	logs    *observer.ObservedLogs
	*outbox.Dispatcher
}

// limits are told from others by their figures.
var limits = notice.Limits{Destination: notice.Rate{Every: 7 * time.Second, Burst: 3}}

func newWorld(t *testing.T) *world {
	store := newLanes()
	w := &world{
		t: t, store: store, sender: &sender{posted: map[string]int{}},
		subject: &subject{
			store: store, answers: map[string]error{}, settled: map[string]bool{}, dead: map[string]string{},
			records: func(notice.Lease, notice.Receipt) ([]notice.Notice, error) { return nil, outbox.ErrNoChange },
		},
	}
	core, logs := observer.New(zapcore.DebugLevel)
	w.logs = logs
	w.Dispatcher = outbox.New(outbox.Options{
		Lanes: w.store, Limits: limits, Now: time.Now, Log: zap.New(core),
		Subjects: map[notice.Kind]outbox.Composer{notice.Incident: w.subject},
		Senders:  map[notice.Medium]outbox.Sender{notice.Slack: w.sender},
	})
	return w
}

// flush delivers what is ready now.
func (w *world) flush() int {
	w.t.Helper()
	n, err := w.Flush(w.t.Context())
	if err != nil {
		w.t.Fatalf("flush: %v", err)
	}
	return n
}

// pass lets time go by.
func (w *world) pass(d time.Duration) { <-time.After(d) }

// home is the lane that post's notices wait in.
const home = "incident:INC-1"

// post returns a notice to a channel.
func post(key string) notice.Notice {
	return notice.Notice{
		Key: key, Subject: notice.Subject{Kind: notice.Incident, ID: "1"}, Lane: home, Op: notice.OpPost, Template: "change",
		To: notice.Address{Medium: notice.Slack, Channel: "C0INCIDENT"}, At: time.Now(),
	}
}

// in puts a notice into another lane.
func in(lane string, n notice.Notice) notice.Notice { n.Lane = lane; return n }

func equal(t *testing.T, what string, got, want []string) {
	t.Helper()
	if !slices.Equal(got, want) {
		t.Errorf("%s: got %v, want %v", what, got, want)
	}
}
