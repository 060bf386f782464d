package sandboxtest

import (
	"context"
	"testing"
	"time"

	"muster/internal/sandbox/control"
)

const (
	patience      = 30 * time.Second // how long a test waits for something to appear, in real time
	answerTimeout = 5 * time.Minute  // a long advance does real work
)

// Client drives one workspace.
type Client struct {
	tb       testing.TB
	control  *control.Client
	patience time.Duration
}

// Dial takes a workspace's address and waits until it answers.
func Dial(tb testing.TB, address string) *Client {
	tb.Helper()
	c := &Client{tb: tb, control: control.NewClient(address, answerTimeout), patience: patience}
	tb.Cleanup(c.control.Close)
	c.State()
	return c
}

// With returns a client of the same workspace for another test, such as a subtest.
func (c *Client) With(tb testing.TB) *Client {
	return &Client{tb: tb, control: c.control, patience: c.patience}
}

// do does something as a person; the test fails when that does not succeed.
func (c *Client) do(what string, r control.Request) control.Ack {
	c.tb.Helper()
	return c.mustSucceed(c.try(r), what)
}

// try does something as a person that may fail.
func (c *Client) try(r control.Request) control.Ack {
	c.tb.Helper()
	ack, err := c.control.Do(context.Background(), r)
	c.must(err)
	return ack
}

func (c *Client) mustSucceed(ack control.Ack, what string) control.Ack {
	c.tb.Helper()
	if !ack.OK {
		c.tb.Fatalf("%s failed: %s %s %v", what, ack.Error, ack.Detail, ack.Errors)
	}
	return ack
}

// must fails the test when err is not nil.
func (c *Client) must(err error) {
	c.tb.Helper()
	if err != nil {
		c.tb.Fatal(err)
	}
}

// Await evaluates cond at each change of the workspace until it holds.
func (c *Client) Await(what string, cond func() bool) {
	c.tb.Helper()
	c.AwaitWithin(c.patience, what, cond)
}

// AwaitWithin is Await with a patience of its own.
func (c *Client) AwaitWithin(limit time.Duration, what string, cond func() bool) {
	c.tb.Helper()
	if !c.await(limit, cond) {
		c.tb.Fatalf("waited %s for %s, which never came", limit, what)
	}
}

func (c *Client) await(limit time.Duration, cond func() bool) bool {
	c.tb.Helper()
	until := time.Now().Add(limit)
	for {
		seen := c.version(-1, limit)
		if cond() {
			return true
		}
		left := time.Until(until)
		if left <= 0 {
			return false
		}
		c.version(seen, left)
	}
}

// version returns the workspace's version as soon as it exceeds after, or when limit
// is over.
func (c *Client) version(after int64, limit time.Duration) int64 {
	c.tb.Helper()
	v, err := c.control.Wait(context.Background(), after, limit)
	c.must(err)
	return v
}
