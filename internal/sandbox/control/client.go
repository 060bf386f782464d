package control

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"time"
)

// Client speaks to the control interface of one workspace.
type Client struct {
	url  string
	http *http.Client
}

// NewClient takes a workspace's address, and how long it may take for one answer: a
// long advance of the clock does real work.
func NewClient(address string, timeout time.Duration) *Client {
	return &Client{url: address + "/sandbox/v1/", http: &http.Client{Transport: &http.Transport{}, Timeout: timeout}}
}

// Close gives the client's connections up.
func (c *Client) Close() { c.http.CloseIdleConnections() }

// Error is a request that was not answered with what it asks for.
type Error struct {
	Request string // its verb and path
	Status  int    // 4xx where it cannot be done
	Code    string
	Detail  string // what would be right
}

func (e *Error) Error() string {
	return fmt.Sprintf("%s: %d %s: %s: %s", e.Request, e.Status, http.StatusText(e.Status), e.Code, e.Detail)
}

// State returns everything but the messages.
func (c *Client) State(ctx context.Context) (State, error) {
	var s State
	err := c.get(ctx, &s, "state", nil)
	return s, err
}

// Messages returns the messages of a channel that viewer sees, oldest first; without
// a viewer it returns all of them.
func (c *Client) Messages(ctx context.Context, channel, viewer string) ([]Message, error) {
	query := url.Values{"channel": {channel}}
	if viewer != "" {
		query.Set("viewer", viewer)
	}
	var v struct{ Messages []Message }
	err := c.get(ctx, &v, "messages", query)
	return v.Messages, err
}

// Traffic returns what has passed between the workspace and the bot after entry n.
func (c *Client) Traffic(ctx context.Context, n int64) ([]Entry[json.RawMessage], error) {
	var v struct{ Entries []Entry[json.RawMessage] }
	err := c.get(ctx, &v, "traffic", url.Values{"after": {fmt.Sprint(n)}})
	return v.Entries, err
}

// Wait returns the workspace's version as soon as it exceeds after, or when limit is
// over.
func (c *Client) Wait(ctx context.Context, after int64, limit time.Duration) (int64, error) {
	var v struct{ Version int64 }
	err := c.get(ctx, &v, "wait", url.Values{"after": {fmt.Sprint(after)}, "timeout": {limit.String()}})
	return v.Version, err
}

// Clock returns the workspace's time, and what is due next.
func (c *Client) Clock(ctx context.Context) (Clock, error) {
	var v Clock
	err := c.get(ctx, &v, "clock", nil)
	return v, err
}

// Advance moves the clock, and returns when everything that came due has been handled
// and delivered.
func (c *Client) Advance(ctx context.Context, d time.Duration) (Clock, error) {
	var v Clock
	err := c.post(ctx, &v, "clock", Advance{d.String()})
	return v, err
}

// Do does something as a person. What reached the bot and failed there is in the
// answer.
func (c *Client) Do(ctx context.Context, r Request) (Ack, error) {
	var a Ack
	err := c.post(ctx, &a, r.path(), r)
	return a, err
}

// AddFault adds a fault.
func (c *Client) AddFault(ctx context.Context, r FaultRequest) (Fault, error) {
	var v struct{ Fault Fault }
	err := c.post(ctx, &v, "faults", r)
	return v.Fault, err
}

// Faults returns those that were added and not cleared.
func (c *Client) Faults(ctx context.Context) ([]Fault, error) {
	var v struct{ Faults []Fault }
	err := c.get(ctx, &v, "faults", nil)
	return v.Faults, err
}

// ClearFault clears the fault of that ID.
func (c *Client) ClearFault(ctx context.Context, id string) error {
	return c.exchange(ctx, &struct{}{}, http.MethodDelete, "faults/"+id, nil)
}

// ClearFaults clears all faults.
func (c *Client) ClearFaults(ctx context.Context) error {
	return c.exchange(ctx, &struct{}{}, http.MethodDelete, "faults", nil)
}

func (c *Client) get(ctx context.Context, v any, path string, query url.Values) error {
	if len(query) > 0 {
		path += "?" + query.Encode()
	}
	return c.exchange(ctx, v, http.MethodGet, path, nil)
}

func (c *Client) post(ctx context.Context, v any, path string, body any) error {
	raw, err := json.Marshal(body)
	if err != nil {
		return fmt.Errorf("encode a request: %w", err)
	}
	return c.exchange(ctx, v, http.MethodPost, path, raw)
}

func (c *Client) exchange(ctx context.Context, v any, verb, path string, body []byte) error {
	request, err := http.NewRequestWithContext(ctx, verb, c.url+path, bytes.NewReader(body))
	if err != nil {
		return fmt.Errorf("ask the workspace: %w", err)
	}
	answer, err := c.http.Do(request)
	if err != nil {
		return fmt.Errorf("ask the workspace: %w", err)
	}
	defer answer.Body.Close()
	if answer.StatusCode != http.StatusOK {
		var said struct{ Error, Detail string }
		_ = json.NewDecoder(answer.Body).Decode(&said) // what cannot be read leaves the status
		return &Error{Request: verb + " " + path, Status: answer.StatusCode, Code: said.Error, Detail: said.Detail}
	}
	if err := json.NewDecoder(answer.Body).Decode(v); err != nil {
		return fmt.Errorf("%s %s: read the answer: %w", verb, path, err)
	}
	return nil
}
