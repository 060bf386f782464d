package sandboxtest

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"testing"
	"time"
)

// patience is how long a test waits for something to appear, in real time.
const patience = 30 * time.Second

// Client drives one workspace.
type Client struct {
	tb       testing.TB
	url      string
	http     *http.Client
	patience time.Duration
}

// Dial takes a workspace's address and waits until it answers.
func Dial(tb testing.TB, address string) *Client {
	tb.Helper()
	transport := &http.Transport{}
	tb.Cleanup(transport.CloseIdleConnections)
	c := &Client{tb: tb, url: address, http: &http.Client{Transport: transport}, patience: patience}
	c.State()
	return c
}

// With returns the same workspace seen from another test, for subtests.
func (c *Client) With(tb testing.TB) *Client {
	return &Client{tb: tb, url: c.url, http: c.http, patience: c.patience}
}

// get reads one part of the control interface into v.
func (c *Client) get(v any, path string, query url.Values) error {
	if len(query) > 0 {
		path += "?" + query.Encode()
	}
	return c.exchange(v, http.MethodGet, path, nil)
}

// post sends a deed and reads its answer into v.
func (c *Client) post(v any, path string, body any) error {
	raw, err := json.Marshal(body)
	if err != nil {
		return fmt.Errorf("encode a deed: %w", err)
	}
	return c.exchange(v, http.MethodPost, path, raw)
}

func (c *Client) exchange(v any, method, path string, body []byte) error {
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Minute) // a long advance does real work
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, method, c.url+"/sandbox/v1/"+path, bytes.NewReader(body))
	if err != nil {
		return fmt.Errorf("ask the sandbox: %w", err)
	}
	answer, err := c.http.Do(request)
	if err != nil {
		return fmt.Errorf("ask the sandbox: %w", err)
	}
	defer func() { _ = answer.Body.Close() }()
	if answer.StatusCode != http.StatusOK {
		var refusal struct{ Error, Detail string }
		_ = json.NewDecoder(answer.Body).Decode(&refusal) // what cannot be read leaves the status
		return fmt.Errorf("%s %s: %s: %s: %s", method, path, answer.Status, refusal.Error, refusal.Detail)
	}
	if err := json.NewDecoder(answer.Body).Decode(v); err != nil {
		return fmt.Errorf("%s %s: read the answer: %w", method, path, err)
	}
	return nil
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

// AwaitWithin returns Await with a patience of its own.
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

// version returns the workspace's version as soon as it exceeds after, or when
// limit is over.
func (c *Client) version(after int64, limit time.Duration) int64 {
	c.tb.Helper()
	var v struct{ Version int64 }
	c.must(c.get(&v, "wait", url.Values{"after": {fmt.Sprint(after)}, "timeout": {limit.String()}}))
	return v.Version
}
