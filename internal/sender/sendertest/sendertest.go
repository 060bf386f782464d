package sendertest

import (
	"testing"
	"time"

	"muster/internal/outbox"
)

// FarEnd stands in for what a sender sends to.
type FarEnd interface {
	// Fail lets every request from now on end so, those that look something up
	// as well; only finding out whom the sender speaks for always works.
	// Wherever its protocol has room for it, the answer quotes the secrets that
	// came with the request, as error pages do.
	Fail(f Failure)
	// Attempts returns how many requests to deliver arrived, failed ones too.
	// Looking something up is none.
	Attempts() int
	// Delivered returns how often what has this key was delivered.
	Delivered(key string) int
	// Held tells of each request that [Hangs] holds.
	Held() <-chan struct{}
	// Close takes it away: from now on, connections are refused.
	Close()
}

// Failure is what becomes of a request.
type Failure string

// The failures.
const (
	Works     Failure = "works"
	Limited   Failure = "limited"    // refused for now (429), with [RetryAfter]
	Trouble   Failure = "trouble"    // the far end has a problem of its own (5xx), and did nothing
	Garbage   Failure = "garbage"    // an answer that is none of its protocol's
	Dropped   Failure = "dropped"    // the connection ends without an answer, and nothing was done
	ReplyLost Failure = "reply lost" // the connection ends without an answer, but it was done
	Refuses   Failure = "refuses"    // a definite no
	Hangs     Failure = "hangs"      // no answer until the sender has gone
)

// RetryAfter is how long a far end that is [Limited] asks to wait.
const RetryAfter = 17 * time.Second

// Setup is a sender, what it sends to, and something to send.
type Setup struct {
	Sender   outbox.Sender
	Far      FarEnd
	Delivery outbox.Delivery // what is posted; each check gives it a key of its own
	Secrets  []string        // what the sender authenticates itself with
}

// Run checks a sender. open sets one up anew, and cleans up after the test.
func Run(t *testing.T, open func(testing.TB) Setup) {
	for _, c := range checks {
		t.Run(c.name, func(t *testing.T) {
			if err := c.run(func() Setup { return open(t) }); err != nil {
				t.Error(err)
			}
		})
	}
}
